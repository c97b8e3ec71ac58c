import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { agentCommand } from "../../src/cli/agent.js";
import { exportCommand } from "../../src/cli/export.js";
import { peopleCommand } from "../../src/cli/people.js";
import { simCommand } from "../../src/cli/sim.js";

interface LaunchedNode {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly package: string | null;
  readonly command: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly remappings: Readonly<Record<string, string>>;
  readonly respawn: string;
  readonly ros_arguments: readonly string[];
}

interface Launch {
  readonly declared: Record<string, { default: string; description: string }>;
  readonly used: string[];
  readonly nodes: readonly LaunchedNode[];
  readonly processes: readonly (readonly string[])[];
  readonly commands: readonly string[];
  readonly handlers: string[];
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "launch");
const files = readdirSync(folder).filter((file) => file.endsWith(".launch.py"));
const read = spawnSync("python3", [join(root, "test/ros/read_launch.py"), ...files.map((file) => join(folder, file))], { encoding: "utf8" });
assert.equal(read.status, 0, read.stderr);
const launches = JSON.parse(read.stdout) as Record<string, Launch>;
const launch = (file: string): Launch => launches[join(folder, file)];
const ours = (file: string): LaunchedNode[] => launch(file).nodes.filter((n) => n.name.startsWith("telos"));
const names = (file: string): string[] => launch(file).nodes.map((n) => n.name);

/** A command line of ours: the script of this checkout, a command that there is, options that it has. */
function checkCommand([program, script, name, ...args]: readonly string[]): void {
  assert.equal(program, "node");
  assert.ok(existsSync(script), script);
  const options = { agent: agentCommand, export: exportCommand, people: peopleCommand, sim: simCommand }[name]!().options.map((o) => o.long);
  for (const arg of args.filter((a) => a.startsWith("--"))) assert.ok(options.includes(arg.split("=")[0]), `${name}: ${arg}`);
}

test("all launch files are here", () => assert.deepEqual(files.sort(), ["arm.launch.py", "gazebo.launch.py", "multi_arm.launch.py", "sim.launch.py"]));

for (const file of files) {
  test(`${file}: what is declared is used and described, what is used is declared`, () => {
    const { declared, used } = launch(file);
    assert.deepEqual(Object.keys(declared).sort(), used);
    for (const [name, { description }] of Object.entries(declared)) assert.match(description, /^[A-Z].{15,}\.$/, name);
    for (const name of ["use_sim_time", "log_level", "respawn", "autostart"]) assert.ok(name in declared, name);
  });

  test(`${file}: it starts the command line of this checkout, with options and parameters that exist; level of the log, respawn and namespace reach every node of ours`, () => {
    const parameters = readFileSync(join(root, "src/ros/agentParameters.ts"), "utf8");
    for (const node of ours(file)) {
      checkCommand(node.command);
      for (const parameter of Object.keys(node.parameters)) assert.match(parameters, new RegExp(`\\b${parameter}\\b`), parameter);
      assert.deepEqual([node.ros_arguments, node.respawn], [["--log-level", "<log_level>"], "<respawn>"]);
      assert.match(node.namespace, /^<(left_|right_)?namespace>$/);
    }
    launch(file).processes.forEach(checkCommand);
    for (const command of launch(file).commands) checkCommand(command.split(" "));
  });

  test(`${file}: files that it names are here`, () => {
    for (const { command, parameters } of launch(file).nodes)
      for (const path of [...command, parameters.config_file ?? ""].filter((a) => a.startsWith(root))) assert.ok(existsSync(path), path);
  });
}

test("the agent is a lifecycle node that events bring up; the simulator is there only with sim.launch.py, on simulated time", () => {
  const arm = launch("arm.launch.py"), sim = launch("sim.launch.py");
  assert.deepEqual([names("arm.launch.py"), arm.nodes[0].kind, arm.handlers], [["telos"], "LifecycleNode", ["OnProcessStart", "OnStateTransition"]]);
  assert.deepEqual([ours("sim.launch.py").map((n) => n.name).sort(), sim.handlers], [["telos", "telos_sim"], arm.handlers]);
  assert.deepEqual([arm.declared.use_sim_time.default, sim.declared.use_sim_time.default, sim.declared.scene.default], ["false", "true", "table"]);
  for (const name of ["robot", "agent", "scene", "task", "namespace"]) assert.ok(name in arm.declared, name);
  for (const name of ["seed", "speed"]) assert.ok(name in sim.declared, name);
});

test("an arm's own topics are remapped by arguments whose defaults are the topics themselves", () => {
  const { declared, nodes } = launch("arm.launch.py");
  for (const [from, to] of Object.entries(nodes[0].remappings)) assert.deepEqual([to, declared[from].default], [`<${from}>`, from]);
  assert.deepEqual(Object.keys(nodes[0].remappings).sort(), ["bodies", "joint_states", "objects", "robot_description"]);
});

test("two arms: each side's nodes share its namespace, its scene and its clock, and nothing of the other's", () => {
  const nodes = ours("multi_arm.launch.py");
  for (const side of ["left", "right"]) {
    const mine = nodes.filter((n) => n.namespace === `<${side}_namespace>`);
    assert.deepEqual(mine.map((n) => n.name).sort(), ["telos", "telos_sim"]);
    for (const n of mine) {
      assert.equal(n.remappings["/clock"], "clock");
      assert.doesNotMatch(JSON.stringify(n), new RegExp(side === "left" ? "right_" : "left_"));
      assert.match(JSON.stringify(n), new RegExp(`<${side}_scene>`));
    }
  }
  assert.equal(nodes.length, 4);
});

test("Gazebo: the world is written before Gazebo starts, and its topics are bridged as the world has them", () => {
  const { processes, handlers, nodes } = launch("gazebo.launch.py");
  assert.deepEqual(processes[0].slice(2, 4), ["export", "sdf"]);
  assert.ok(handlers.includes("OnProcessExit"));
  assert.deepEqual(nodes.map((n) => n.name).sort(), ["gazebo_bridge", "robot_state_publisher", "rviz2", "spawner", "telos", "telos_people"]);
});
