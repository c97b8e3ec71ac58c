import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { parseAgent } from "../../src/agent/setup/AgentConfig.js";
import {
  ConfigError,
  configNames,
  drawScene,
  extended,
  packageRoot,
  parseRobot,
  parseScene,
  parseYaml,
  type ConfigKind,
} from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";

export interface ConfigReport {
  readonly tried: number;
  refused: number; // by an error that says where
  slowest: number; // ms, one file
  readonly wrong: string[]; // anything else that was thrown, or an error without a place
}

const splinters = [
  "[",
  "{",
  "]",
  "}",
  ":",
  "- ",
  "? ",
  "&a ",
  "*a",
  "&a [*a, *a]",
  "!!js/x ",
  "%YAML 1.1\n",
  "---\n",
  "\u0000",
  "\t",
  '"',
  "'",
  "|\n",
  ">\n",
  "#",
  ".nan",
  "1e400",
  "-.inf",
  "__proto__: 1\n",
  "__proto__: { polluted: 1 }\n",
  "<<: ",
  "null",
  "~",
  "2 cm",
  "-1 kg",
  "../../x.yaml",
  "\ud800",
  "\r",
  "\n",
  "  ",
  "0x7f",
  "99999999999999999999",
  "constructor",
  "${x}",
  "\u202e",
  "import(",
  "[[[[[[[[",
];

/**
 * One to four edits of a text: cut, double, swap, flip a character, give a key another value, or drive a splinter in.
 */
function mutated(text: string, rng: Rng): string {
  const splinter = (): string => splinters[rng.bits() % splinters.length];
  for (let n = 1 + (rng.bits() % 4); n > 0; n--) {
    const at = rng.bits() % (text.length + 1);
    const to = Math.min(text.length, at + (rng.bits() % 30));
    const kind = rng.bits() % 6;
    if (kind === 0) text = text.slice(0, at) + text.slice(to);
    else if (kind === 1) text = text.slice(0, to) + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(rng.bits() % 0x180) + text.slice(at + 1);
    else if (kind === 3) text = text.slice(0, at) + text.slice(at).replace(/: [^,{}\n]+/, () => `: ${splinter()}`);
    else text = text.slice(0, at) + splinter().repeat(kind === 4 ? 1 : 1 + (rng.bits() % 100)) + text.slice(at);
  }
  return text;
}

const PLACE = /^(f\.yaml|<task goal>):\d+:\d+( .+)?: got .+, want .+$/s;

/** What loading a text of a kind says against it, "" where nothing. Anything but a located error is thrown. */
function refusal(kind: ConfigKind, load: (text: string) => string, text: string): string {
  let told: string;
  try {
    told = load(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    told = error.message;
  }
  if (kind !== "tasks")
    for (const line of told === "" ? [] : told.split("\n")) if (!PLACE.test(line)) throw new Error(`no place: ${line}`);
  return told;
}

/**
 * Configurations as they must not be: `count` times a shipped file of each kind in turn, mutated. Each is refused by an
 * error that names file, line, column and what was wanted (a task that names what is not there: what is), or is a
 * configuration; the process lives and its prototypes are clean.
 */
export function fuzzConfigs(count: number, seed: number): ConfigReport {
  const rng = new Rng(seed);
  const setup = loadSetup({ robot: "arm7", agent: "default", scene: "pucks" });
  const loaders: readonly (readonly [ConfigKind, (text: string) => string])[] = [
    ["scenes", (text) => (drawScene(parseScene(extended("scenes", parseYaml(text, "f.yaml"))), new Rng(1)), "")],
    ["robots", (text) => (parseRobot(extended("robots", parseYaml(text, "f.yaml"))), "")],
    ["agents", (text) => (parseAgent(extended("agents", parseYaml(text, "f.yaml"))), "")],
    [
      "tasks",
      (text) => {
        const task = readTask(`${text}\n`, setup, ["red", "blue", "green"]);
        if ("code" in task && task.code === "INTERNAL") throw new Error(task.message);
        return "code" in task ? task.message : "";
      },
    ],
  ];
  const texts = loaders.map(([kind]) =>
    configNames(kind).map((name) => readFileSync(join(packageRoot(), "config", kind, `${name}.yaml`), "utf8")),
  );
  const report: ConfigReport = { tried: count, refused: 0, slowest: 0, wrong: [] };
  for (let i = 0; i < count; i++) {
    const [kind, load] = loaders[i % loaders.length];
    const of = texts[i % loaders.length];
    const text = mutated(of[rng.bits() % of.length], rng);
    const began = performance.now();
    try {
      if (refusal(kind, load, text) !== "") report.refused++;
      if (({} as Record<string, unknown>).polluted !== undefined)
        throw new Error("the prototype of all objects was changed");
    } catch (error) {
      report.wrong.push(`seed ${seed}, ${i}, ${kind}: ${String((error as Error).stack)}\n--- from:\n${text}`);
    }
    report.slowest = Math.max(report.slowest, performance.now() - began);
  }
  return report;
}
