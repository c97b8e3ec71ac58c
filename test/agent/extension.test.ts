import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { loadAgentConfig } from "../../src/agent/setup/AgentConfig.js";
import { packageRoot } from "../../src/config/index.js";
import { InProcess } from "./inProcess.js";

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
  "a kind of level, a search and a cost from outside, a file and a line each, plan for the arm: " +
    "it comes to the goal, at the level's own pace",
  async () => {
    const agent = toyAgent();
    const task = "goal: [{ tool_pose: { position: [0.45, 0.2, 0.35], tolerance: 2 cm } }]\ncosts: [{ height: {} }]";
    const run = await InProcess.create({ scene: "table", agent, task, seed: 3 });
    const done = await run.run(20);
    const [top] = run.agent.plans;
    assert.ok(done !== undefined, `${run.agent.monitor.error} tolerances off`);
    assert.deepEqual(run.contacts, []);
    assert.ok(top!.energies.height > 0, "the cost counts");
    const { velocity } = run.setup.arm.limits;
    assert.ok(top!.v.every((v, i) => Math.abs(v) <= 0.4 * velocity[i % velocity.length] + 1e-6));
    run.simulation.dispose();
  },
);
