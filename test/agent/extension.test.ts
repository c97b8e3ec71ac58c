import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { loadAgentConfig } from "../../src/agent/setup/AgentConfig.js";
import { packageRoot } from "../../src/config/index.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { InProcess } from "./inProcess.js";

const CEILING = 0.8; // m
const TOYS = fileURLToPath(new URL("toys/index.js", import.meta.url));

/** The shipped agent with a top level and costs by the toys: its file's path. */
function toyAgent(...changes: readonly (readonly [string, string])[]): string {
  let text = readFileSync(join(packageRoot(), "config", "agents", "default.yaml"), "utf8");
  for (const [from, to] of [
    ["name: default", `name: toys\nplugins: [${TOYS}]`],
    ["model: joint_displacement", "model: slow_steps"],
    [/search: \{ method: cem.*\}/.exec(text)![0], "search: { method: shots, samples: 40 }"],
    ["costs: { travel: 5 }", "costs: { travel: 5, height: 0.1 }"],
    ...changes,
  ] as const) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
  }
  const file = join(mkdtempSync(join(tmpdir(), "telos-toys-")), "toys.yaml");
  writeFileSync(file, text);
  return file;
}

test("an unknown kind is an error that names those there are; a module that is none, at its line", () => {
  assert.throws(
    () => loadAgentConfig(toyAgent([`plugins: [${TOYS}]`, "plugins: [no_such_module.js]"])),
    /toys\.yaml:3:\d+ plugins\[0\]: got 'no_such_module\.js', want a module that can be loaded: Cannot find module/,
  );
  assert.throws(
    () => loadAgentConfig(toyAgent(["model: slow_steps", "model: slow_stops"])),
    /levels\[0\]\.model: got 'slow_stops' \(did you mean 'slow_steps'\?\), want one of: joint_displacement/,
  );
  const misspelt = toyAgent(["samples: 40 }", "sample: 40 }"]);
  assert.throws(() => loadAgentConfig(misspelt), /levels\[0\]\.search: got key 'sample'.*want one of: method, samples/);
});

test(
  "a kind of level, a search, a cost and a guardrail from outside, a file and a line each, work: " +
    "the arm comes to the goal, at the level's own pace, below the ceiling",
  async () => {
    const agent = toyAgent();
    const task =
      "goal: [{ tool_pose: { position: [0.45, 0.2, 0.35], tolerance: 2 cm } }]\n" +
      `costs: [{ height: {} }]\nguardrails: [{ ceiling: { height: ${CEILING} m } }]`;
    const run = await InProcess.create({ scene: "table", agent, task, seed: 3 });
    const oracle = new OracleGeometry(run.setup.arm);
    const below = { kind: "halfSpace", normal: [0, 0, -1], offset: 0 } as const;
    const heightOf = ({ link }: { readonly link: number }, c: number): number =>
      link === 0 ? -Infinity : -oracle.toShape(c, below);
    let highest = -Infinity;
    const done = await run.run(20, () => {
      oracle.place(run.simulation.q);
      highest = Math.max(highest, ...run.setup.arm.capsules.map(heightOf));
    });
    const [top] = run.agent.plans;
    assert.ok(done !== undefined, `${run.agent.monitor.error} tolerances off`);
    assert.deepEqual(run.contacts, []);
    assert.ok(highest > 0.5 && highest < CEILING, `${highest} m`);
    assert.ok(top!.energies.height > 0, "the cost counts");
    const { velocity } = run.setup.arm.limits;
    assert.ok(top!.v.every((v, i) => Math.abs(v) <= 0.4 * velocity[i % velocity.length] + 1e-6));
    run.simulation.dispose();
  },
);
