import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { agentCommand } from "../../../src/cli/agent.js";
import { exportCommand } from "../../../src/cli/export.js";
import { peopleCommand } from "../../../src/cli/people.js";
import { simCommand } from "../../../src/cli/sim.js";
import { withRos2Control } from "../../../src/cli/withRos2Control.js";

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
  readonly once: string[];
  readonly loggers: readonly string[][];
  readonly packages: string[];
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = join(root, "launch");
const files = readdirSync(folder).filter((file) => file.endsWith(".launch.py"));
const read = spawnSync(
  "python3",
  [join(root, "test/adapters/ros/read_launch.py"), ...files.map((file) => join(folder, file))],
  {
    encoding: "utf8",
  },
);
assert.equal(read.status, 0, read.stderr);
const launches = JSON.parse(read.stdout) as Record<string, Launch>;
const launch = (file: string): Launch => launches[join(folder, file)];
const ours = (file: string): LaunchedNode[] => launch(file).nodes.filter((n) => n.name.startsWith("telos"));
const names = (file: string): string[] => launch(file).nodes.map((n) => n.name);

/** A command line of ours: the script of this checkout, a command that there is, options that it has. */
function checkCommand([program, script, name, ...args]: readonly string[]): void {
  assert.equal(program, "node");
  assert.ok(existsSync(script), script);
  const options = { agent: agentCommand, export: exportCommand, people: peopleCommand, sim: simCommand }[
    name
  ]!().options.map((o) => o.long);
  for (const arg of args.filter((a) => a.startsWith("--")))
    assert.ok(options.includes(arg.split("=")[0]), `${name}: ${arg}`);
}

test("all launch files are here", () =>
  assert.deepEqual(files.sort(), ["arm.launch.py", "gazebo.launch.py", "multi_arm.launch.py", "sim.launch.py"]));

for (const file of files) {
  test(`${file}: what is declared is used and described, what is used is declared`, () => {
    const { declared, used } = launch(file);
    assert.deepEqual(Object.keys(declared).sort(), used);
    for (const [name, { description }] of Object.entries(declared)) assert.match(description, /^[A-Z].{15,}\.$/, name);
    for (const name of ["use_sim_time", "log_level", "respawn", "autostart"]) assert.ok(name in declared, name);
  });

  test(
    `${file}: it starts the command line of this checkout, with options and parameters that exist; ` +
      "level of the log, respawn and namespace reach every node of ours",
    () => {
      const parameters = readFileSync(join(root, "src/adapters/ros/agent/agentParameters.ts"), "utf8");
      for (const node of ours(file)) {
        checkCommand(node.command);
        for (const parameter of Object.keys(node.parameters))
          assert.match(parameters, new RegExp(`\\b${parameter}\\b`), parameter);
        assert.deepEqual(
          [node.ros_arguments[0], node.ros_arguments.length, node.respawn],
          ["--log-level", 2, "<respawn>"],
        );
        assert.match(node.ros_arguments[1], new RegExp(`/${node.name}.*:=<log_level>$`));
        assert.match(node.namespace, /^<(left_|right_)?namespace>$/);
      }
      launch(file).processes.forEach(checkCommand);
      for (const command of launch(file).commands) checkCommand(command.split(" "));
    },
  );

  test(`${file}: files that it names are here`, () => {
    for (const { command, parameters } of launch(file).nodes)
      for (const path of [...command, parameters.config_file ?? ""].filter((a) => a.startsWith(root)))
        assert.ok(existsSync(path), path);
  });
}

test(
  "the agent is a lifecycle node that events bring up; " +
    "the simulator is there only with sim.launch.py, on simulated time",
  () => {
    const arm = launch("arm.launch.py"),
      sim = launch("sim.launch.py");
    assert.deepEqual(
      [names("arm.launch.py"), arm.nodes[0].kind, arm.handlers],
      [["telos"], "LifecycleNode", ["OnProcessStart", "OnStateTransition"]],
    );
    assert.deepEqual(
      [
        ours("sim.launch.py")
          .map((n) => n.name)
          .sort(),
        sim.handlers,
      ],
      [["telos", "telos_sim"], arm.handlers],
    );
    assert.deepEqual(
      [arm.declared.use_sim_time.default, sim.declared.use_sim_time.default, sim.declared.scene.default],
      ["false", "true", "table"],
    );
    for (const name of ["robot", "agent", "scene", "task", "namespace"]) assert.ok(name in arm.declared, name);
    for (const name of ["seed", "speed"]) assert.ok(name in sim.declared, name);
  },
);

test("who starts the agent activates it once: who configures it again has it inactive", () => {
  for (const file of files)
    assert.deepEqual(
      launch(file).once,
      launch(file).handlers.filter((h) => h === "OnStateTransition"),
      file,
    );
});

test(
  "the level of the log is that of the node's own logger, " +
    "whatever its namespace, and not of all that its process logs",
  () => {
    for (const file of files) {
      const nodes = ours(file).map((n) => n.name);
      assert.equal(launch(file).loggers.length, nodes.length, file);
      for (const name of nodes)
        assert.ok(
          launch(file).loggers.some(
            (said) =>
              JSON.stringify(said) === JSON.stringify([name, `a.${name}`, `a.${name}`, `b.c.a.${name}`, `b.${name}`]),
          ),
          `${file}: ${launch(file).loggers}`,
        );
    }
  },
);

test(
  "what launch files start is named by a package: the agent's for a robot, " +
    "telos_gazebo for windows, and the robot needs none of those",
  () => {
    const needs = (name: string): string[] =>
      [...readFileSync(join(root, name, "package.xml"), "utf8").matchAll(/<(?:exec_)?depend>(\w+)</g)].map((m) => m[1]);
    const agent = needs("telos_agent"),
      windows = needs("telos_gazebo");
    const hardware = /<plugin>(\w+)\//.exec(withRos2Control("<robot></robot>", [], []))![1];
    assert.ok(hardware.length > 4 && windows.includes("telos_agent"));
    for (const file of files) {
      const spawned = launch(file)
        .nodes.filter((n) => n.package === "controller_manager")
        .flatMap((n) => [...n.command.slice(1), hardware]);
      for (const name of [...launch(file).packages, ...spawned])
        assert.ok(agent.includes(name) || windows.includes(name) || name === "telos_agent", `${file}: ${name}`);
    }
    for (const name of ["rviz2", "ros_gz_sim", "ros_gz_bridge", "controller_manager", hardware])
      assert.ok(!agent.includes(name), name);
  },
);

test("RViz looks from the base of the robot that is launched", () => {
  for (const file of ["sim.launch.py", "gazebo.launch.py"]) {
    const { command } = launch(file).nodes.find((n) => n.name === "rviz2")!;
    assert.match(command[command.indexOf("-f") + 1], /export frame --robot=<robot> --scene=<scene>/);
  }
  const folder = mkdtempSync(join(tmpdir(), "telos-frame-")),
    robot = join(folder, "other.urdf");
  writeFileSync(robot, readFileSync(join(root, "config/robots/arm7.urdf"), "utf8").replaceAll("base_link", "stand"));
  const frame = (name: string): string =>
    spawnSync(process.execPath, [join(root, "dist/src/main.js"), "export", "frame", `--robot=${name}`], {
      encoding: "utf8",
    }).stdout;
  assert.deepEqual(["arm7", robot].map(frame), ["base_link", "stand"]);
  rmSync(folder, { recursive: true });
});

test("launch leaves nothing behind in the temporary folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "telos-left-"));
  const { status } = spawnSync(
    "python3",
    [join(root, "test/adapters/ros/read_launch.py"), join(root, "launch/gazebo.launch.py")],
    { env: { ...process.env, TMPDIR: folder } },
  );
  assert.deepEqual([status, readdirSync(folder)], [0, []]);
  rmSync(folder, { recursive: true });
});

test("an arm's own topics are remapped by arguments whose defaults are the topics themselves", () => {
  const { declared, nodes } = launch("arm.launch.py");
  for (const [from, to] of Object.entries(nodes[0].remappings))
    assert.deepEqual([to, declared[from].default], [`<${from}>`, from]);
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
  assert.deepEqual(nodes.map((n) => n.name).sort(), [
    "gazebo_bridge",
    "robot_state_publisher",
    "rviz2",
    "spawner",
    "telos",
    "telos_people",
  ]);
});
