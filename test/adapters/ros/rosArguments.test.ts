import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { matchesNode } from "../../../src/adapters/ros/matchesNode.js";
import { rosArguments } from "../../../src/adapters/ros/rosArguments.js";

const folder = mkdtempSync(join(tmpdir(), "telos-params-"));
const EVENTS = ["-r", "parameter_events:=/parameter_events"]; // one topic, whatever the namespace
after(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, `${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
}

test("a command line is split into ours, rcl's, and parameters", () => {
  const { command, rcl, rules } = rosArguments([
    "agent",
    "--scene",
    "wall",
    "--ros-args",
    "-r",
    "__ns:=/left",
    "-p",
    "robot:=ur5",
    "--log-level",
    "debug",
    "--param",
    "telos:markers_rate:=2.5",
    "--",
    "--json",
  ]);
  assert.deepEqual(command, ["agent", "--scene", "wall", "--json"]);
  assert.deepEqual(rcl, ["--ros-args", "-r", "__ns:=/left", "--log-level", "debug", ...EVENTS]);
  assert.deepEqual(rules, [
    { node: "/**", name: "robot", value: "ur5", text: "ur5" },
    { node: "telos", name: "markers_rate", value: 2.5, text: "2.5" },
  ]);
  assert.deepEqual(rosArguments(["agent"]).rcl, ["--ros-args", ...EVENTS]);
});

test("a whole task may be a parameter: what is no YAML stands for itself", () => {
  const [rule] = rosArguments(["--ros-args", "-p", "task:=name: x\ngoal: [ {"]).rules;
  assert.equal(rule.value, "name: x\ngoal: [ {");
});

test("parameter files: what launch writes, nested names, and the array of integers that rclnodejs cannot take", () => {
  const path = file(
    "/left/telos:\n  ros__parameters:\n    robot: ur5\n    a: { b: 1, c: [0, 0] }\n/**:\n" +
      "  ros__parameters: { use_sim_time: true }\nright:\n  telos:\n    ros__parameters: { agent: quick }\n",
  );
  const { rules, rcl } = rosArguments(["--ros-args", "--params-file", path]);
  assert.deepEqual(rcl, ["--ros-args", ...EVENTS]);
  assert.deepEqual(
    rules.map(({ node, name, value }) => [node, name, value]),
    [
      ["/left/telos", "robot", "ur5"],
      ["/left/telos", "a.b", 1],
      ["/left/telos", "a.c", [0, 0]],
      ["/**", "use_sim_time", true],
      ["right/telos", "agent", "quick"],
    ],
  );
});

test("what cannot be is told with its place", () => {
  assert.throws(() => rosArguments(["--ros-args", "-p", "robot"]), /-p robot: want name:=value/);
  assert.throws(() => rosArguments(["--ros-args", "-p"]), /-p: got nothing after it/);
  assert.throws(() => rosArguments(["--ros-args", "--params-file", "/nowhere.yaml"]), /nowhere\.yaml/);
  assert.throws(
    () => rosArguments(["--ros-args", "--params-file", file("telos: 3\n")]),
    /want node names with ros__parameters below/,
  );
});

test("node names of rules mean nodes as in rcl, bare names in any namespace", () => {
  const yes = [
    ["/**", "/telos"],
    ["/**", "/a/b/telos"],
    ["/left/telos", "/left/telos"],
    ["left/telos", "/left/telos"],
    ["/*/telos", "/left/telos"],
    ["/**/telos", "/telos"],
    ["telos", "/telos"],
    ["telos", "/a/telos"],
    ["/a/**", "/a/b/telos"],
  ];
  const no = [
    ["/telos", "/left/telos"],
    ["/*/telos", "/a/b/telos"],
    ["/right/telos", "/left/telos"],
    ["telos", "/telos_sim"],
    ["/*", "/left/telos"],
  ];
  for (const [rule, name] of yes) assert.ok(matchesNode(rule, name), `${rule} means ${name}`);
  for (const [rule, name] of no) assert.ok(!matchesNode(rule, name), `${rule} does not mean ${name}`);
});
