import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { encodeAgentState } from "../../../src/adapters/ros/cdr/AgentState.js";
import { encodeDiagnosticArray } from "../../../src/adapters/ros/cdr/DiagnosticArray.js";
import { encodeMarkerArray, MARKER } from "../../../src/adapters/ros/cdr/MarkerArray.js";
import { encodePlan } from "../../../src/adapters/ros/cdr/Plan.js";
import { levelPlans } from "../../../src/adapters/ros/agent/levelPlans.js";
import { plan, status } from "./samples.js";

const ready = spawnSync("python3", ["-c", "import rclpy, telos_interfaces"]).status === 0;
const options = { skip: ready ? false : "rclpy is not in the environment" };
const header = { stamp: { sec: 1700000000, nanosec: 250000000 }, frameId: "base_link" };

/** What rclpy reads from our bytes. */
function read(type: string, bytes: Uint8Array): any {
  const script = fileURLToPath(new URL("../../../../test/adapters/ros/read_message.py", import.meta.url));
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync("python3", [script, type], { input: Buffer.from(bytes).toString("hex"), encoding: "utf8" });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test("rclpy reads our Plan", options, () => {
  const plans = [plan("subgoal", 2, 3, 4), plan("motion", 2, 2, 2)];
  const m = read("telos_interfaces/msg/Plan", encodePlan({ header, levels: levelPlans(plans) }));
  assert.deepEqual(m.header, { stamp: header.stamp, frame_id: "base_link" });
  const [subgoal, motion] = m.levels;
  assert.deepEqual(
    [subgoal.level, subgoal.dt, subgoal.horizon, subgoal.action_dim, subgoal.state_dim, subgoal.subgoal],
    ["subgoal", 0.5, 3, 2, 2, []],
  );
  assert.deepEqual(subgoal.actions, Array.from(plans[0].a));
  assert.deepEqual(
    subgoal.states,
    [0, 1, 2, 3].flatMap((h) => Array.from(plans[0].q.slice(8 * h, 8 * h + 2))),
  );
  assert.deepEqual(motion.subgoal, Array.from(plans[0].q.slice(8, 10)));
  assert.deepEqual(
    [motion.terms, motion.energies, motion.energy, motion.iterations, motion.rollouts, motion.time],
    [["tool_pose", "effort"], [1.5, 0.5], 2, 3, 96, 0.05],
  );
});

test("a level with a learned model tells its latents", () => {
  const [m] = levelPlans([{ ...plan("subgoal", 2, 3, 4), z: Float32Array.from({ length: 20 }, (_, i) => i) }]);
  assert.equal(m.stateDim, 5);
  assert.equal(m.states.length, 20);
});

test("rclpy reads our AgentState, also what is not ASCII", options, () => {
  const m = read(
    "telos_interfaces/msg/AgentState",
    encodeAgentState({
      ...status,
      task: "Prüfung ≥ 1 µm 🦾",
      header,
      beliefs: status.beliefs.map((b) => ({ ...b, kind: "object", lastSeen: 1 })),
      rate: 12.5,
    }),
  );
  assert.deepEqual([m.task, m.level, m.mode, m.stopped_by], ["Prüfung ≥ 1 µm 🦾", "motion", "active", ""]);
  assert.deepEqual([m.terms, m.energies, m.energy, m.progress], [["tool_pose", "effort"], [1.25, 0.25], 1.5, 0.5]);
  assert.deepEqual(m.margins, [{ name: "self_collision", value: 0.03, unit: "m" }]);
  assert.deepEqual(
    [m.beliefs[0].id, m.beliefs[0].kind, m.beliefs[0].pose.position, m.beliefs[0].last_seen, m.beliefs[0].position_std],
    ["puck", "object", { x: 0.5, y: -0.2, z: 0.02 }, 1, 0.01],
  );
  assert.equal(m.rate, 12.5);
});

test("rclpy reads our MarkerArray", options, () => {
  const one = {
    ns: "beliefs",
    id: 3,
    type: MARKER.SPHERE_LIST,
    position: [1, 2, 3],
    orientation: [0, 0, 0.6, 0.8],
    scale: [0.1, 0.2, 0.3],
    colour: [0.5, 0.25, 1, 0.75],
    lifetime: 0.5,
    points: [
      [4, 5, 6],
      [7, 8, 9],
    ],
    text: "Ü",
  } as const;
  const { markers } = read(
    "visualization_msgs/msg/MarkerArray",
    encodeMarkerArray(header, [one, { ...one, ns: "b", id: -1, text: "" }]),
  );
  const [m, n] = markers;
  assert.deepEqual([m.ns, m.id, m.type, m.action, m.text, m.frame_locked], ["beliefs", 3, 7, 0, "Ü", false]);
  assert.deepEqual(m.pose, { position: { x: 1, y: 2, z: 3 }, orientation: { x: 0, y: 0, z: 0.6, w: 0.8 } });
  assert.deepEqual(
    [m.scale, m.color, m.lifetime],
    [
      { x: 0.1, y: 0.2, z: 0.3 },
      { r: 0.5, g: 0.25, b: 1, a: 0.75 },
      { sec: 0, nanosec: 500000000 },
    ],
  );
  assert.deepEqual(m.points[1], { x: 7, y: 8, z: 9 });
  assert.deepEqual([n.ns, n.id, n.points.length], ["b", -1, 2]);
});

test("rclpy reads our DiagnosticArray", options, () => {
  const m = read(
    "diagnostic_msgs/msg/DiagnosticArray",
    encodeDiagnosticArray(header, [
      { level: 2, name: "telos: clock", message: "±", hardwareId: "arm7", values: { a: "1", b: "µ" } },
      { level: 0, name: "x", message: "", hardwareId: "", values: {} },
    ]),
  );
  assert.deepEqual(m.status[0], {
    level: 2,
    name: "telos: clock",
    message: "±",
    hardware_id: "arm7",
    values: [
      { key: "a", value: "1" },
      { key: "b", value: "µ" },
    ],
  });
  assert.equal(m.status[1].name, "x");
});
