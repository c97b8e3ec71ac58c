import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { agentCommand } from "../../src/cli/agent.js";
import { simCommand } from "../../src/cli/sim.js";

interface Launch {
  readonly declared: Record<string, { default: string; description: string }>;
  readonly used: string[];
  readonly nodes: Record<string, { kind: string; command: string[]; parameters: string[] }>;
  readonly handlers: string[];
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "launch");
const files = readdirSync(folder).filter((file) => file.endsWith(".launch.py"));
const read = spawnSync("python3", [join(root, "test/ros/read_launch.py"), ...files.map((file) => join(folder, file))], { encoding: "utf8" });
assert.equal(read.status, 0, read.stderr);
const launches = JSON.parse(read.stdout) as Record<string, Launch>;
const launch = (file: string): Launch => launches[join(folder, file)];

for (const file of files) {
  test(`${file}: what is declared is used and described, what is used is declared`, () => {
    const { declared, used } = launch(file);
    assert.deepEqual(Object.keys(declared).sort(), used);
    for (const [name, { description }] of Object.entries(declared)) assert.match(description, /^[A-Z].{15,}\.$/, name);
  });

  test(`${file}: it starts the command line of this checkout, with options and parameters that exist`, () => {
    const parameters = readFileSync(join(root, "src/ros/agentParameters.ts"), "utf8");
    for (const [name, node] of Object.entries(launch(file).nodes)) {
      const [program, cli, command, ...args] = node.command;
      assert.equal(program, "node");
      assert.ok(existsSync(cli), cli);
      const options = { agent: agentCommand, sim: simCommand }[command]!().options.map((o) => o.long);
      for (const arg of args.filter((a) => a.startsWith("--"))) assert.ok(options.includes(arg.split("=")[0]), `${name}: ${arg}`);
      for (const parameter of node.parameters) assert.match(parameters, new RegExp(`\\b${parameter}\\b`), parameter);
    }
  });
}

test("the agent is a lifecycle node that events bring up; the simulator is there only with sim.launch.py, on simulated time", () => {
  const arm = launch("arm.launch.py"), sim = launch("sim.launch.py");
  assert.deepEqual([Object.keys(arm.nodes), arm.nodes.telos.kind, arm.handlers], [["telos"], "LifecycleNode", ["OnProcessStart", "OnStateTransition"]]);
  assert.deepEqual([Object.keys(sim.nodes).sort(), sim.handlers], [["telos", "telos_sim"], arm.handlers]);
  assert.deepEqual([arm.declared.use_sim_time.default, sim.declared.use_sim_time.default, sim.declared.scene.default], ["false", "true", "table"]);
  for (const name of ["robot", "agent", "scene", "task", "use_sim_time", "namespace", "log_level", "autostart", "respawn"]) assert.ok(name in arm.declared, name);
  for (const name of ["seed", "speed"]) assert.ok(name in sim.declared, name);
});
