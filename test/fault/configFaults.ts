import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAgent } from "../../src/agent/setup/AgentConfig.js";
import {
  configNames,
  extended,
  packageRoot,
  parseRobot,
  parseScene,
  parseYaml,
  type ConfigKind,
  type YamlDocument,
} from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { loadTask } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { parseUrdf } from "../../src/kinematics/index.js";
import type { FaultCase, Outcome } from "./FaultCase.js";

const splinters = [
  "[",
  "{",
  "}",
  ":",
  "- ",
  "&a ",
  "*a",
  "!!js/x ",
  "%YAML 1.1\n",
  "\u0000",
  "\t",
  '"',
  ".nan",
  "1e400",
  "__proto__: 1\n",
  "<<: ",
  "null",
  "2 cm",
  "\n",
  "  ",
  "99999999999999999999",
  "constructor",
  "<",
  ">",
  "/",
];
const EDITS = 50; // mutants a seed

/** Cuts, doubles, flips or drives splinters into a text. */
function mutated(text: string, rng: Rng): string {
  for (let n = 1 + (rng.bits() % 4); n > 0; n--) {
    const at = rng.bits() % (text.length + 1);
    const to = Math.min(text.length, at + (rng.bits() % 30));
    const edits = [
      () => text.slice(0, at) + text.slice(to),
      () => text.slice(0, to) + text.slice(at),
      () => text.slice(0, at) + String.fromCharCode(rng.bits() % 0x180) + text.slice(at + 1),
      () => text.slice(0, at) + splinters[rng.bits() % splinters.length] + text.slice(at),
    ];
    text = edits[rng.bits() % edits.length]();
  }
  return text;
}

/** A file that somebody spoilt is read or refused with its place; nothing else is thrown, nothing is started. */
const config = (name: string, texts: () => string[], read: (text: string) => unknown, located: RegExp): FaultCase => ({
  group: "config",
  name,
  expect: "refused",
  run: async (seed): Promise<Outcome> => {
    const rng = new Rng(seed);
    const all = texts();
    let refused = 0;
    for (let i = 0; i < EDITS; i++) {
      const text = mutated(all[rng.bits() % all.length], rng);
      try {
        read(text);
      } catch (error) {
        refused++;
        if (!(error instanceof Error && located.test(error.constructor.name)))
          return { end: "escaped", violations: [], fault: `${(error as Error).stack}` };
      }
    }
    return { end: "read or refused", violations: [], fault: refused > 0 ? "" : "nothing was refused" };
  },
});
const yaml = (kind: ConfigKind, parse: (document: YamlDocument) => unknown): FaultCase =>
  config(
    `a spoilt file in config/${kind}`,
    () => configNames(kind).map((n) => readFileSync(join(packageRoot(), "config", kind, `${n}.yaml`), "utf8")),
    (text) => parse(extended(kind, parseYaml(text, "f.yaml"))),
    /^ConfigError$/,
  );

export const configFaults: readonly FaultCase[] = [
  yaml("robots", parseRobot),
  yaml("scenes", parseScene),
  yaml("agents", parseAgent),
  config(
    "a spoilt task",
    () =>
      configNames("tasks").map((n) => `${readFileSync(join(packageRoot(), "config", "tasks", `${n}.yaml`), "utf8")}\n`),
    (text) => loadTask(text, guardrailSchemas),
    /^(ConfigError|BindError)$/,
  ),
  config(
    "a spoilt URDF",
    () =>
      ["arm7", "ur5", "so101"].map((n) => readFileSync(join(packageRoot(), "config", "robots", `${n}.urdf`), "utf8")),
    parseUrdf,
    /^UrdfError$/,
  ),
];
