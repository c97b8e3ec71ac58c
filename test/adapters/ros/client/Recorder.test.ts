import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { test } from "node:test";
import { McapStreamReader } from "@mcap/core";
import type { Decision } from "../../../../src/agent/task/Decision.js";
import { RecordingWriter } from "../../../../src/memory/episodes/RecordingWriter.js";
import { streamRecording } from "../../../../src/memory/episodes/streamRecording.js";
import { encodeJointState } from "../../../../src/adapters/ros/cdr/JointState.js";
import { messageDefinition } from "../../../../src/adapters/ros/messageDefinition.js";
import { readDecisions } from "../../../../src/adapters/ros/client/readDecisions.js";
import { DECISIONS, Recorder } from "../../../../src/adapters/ros/client/Recorder.js";

const options = { skip: process.env.AMENT_PREFIX_PATH === undefined ? "ROS 2 is not in the environment" : false };
const joints = encodeJointState({
  header: { stamp: { sec: 7, nanosec: 5 }, frameId: "" },
  name: ["a", "b"],
  position: [0.25, -1],
  velocity: [0, 3],
  effort: [],
});
const decision = {
  kind: "plan",
  index: 1,
  from: { stamp: 1, q: Float64Array.of(0.5, -0) },
  above: undefined,
  warm: { substeps: 2 },
  rng: [1, 2, 3, 4, NaN],
  clock: Float64Array.of(0.1, 0.2),
  plan: { substeps: 4, q: Float64Array.of(NaN, 1e-300) },
} as unknown as Decision;

async function record(use: (path: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "telos-rec-"));
  const path = join(folder, "run.mcap");
  const recorder = new Recorder(new RecordingWriter(path, (why) => assert.fail(why)));
  recorder.take("/joint_states", "sensor_msgs/msg/JointState", joints); // before there is a clock: left out
  recorder.follow({ now: () => 12.5 });
  recorder.take("/joint_states", "sensor_msgs/msg/JointState", joints);
  recorder.decision(serialize(decision));
  recorder.take("/joint_states", "sensor_msgs/msg/JointState", joints);
  await recorder.close();
  use(path);
  rmSync(folder, { recursive: true });
}

test("a recording has ROS 2's profile, message types and definitions, and the bytes as they were", options, () =>
  record((path) => {
    const messages = [...streamRecording(path)];
    assert.deepEqual(
      messages.map((m) => [m.topic, m.type, m.stamp]),
      [
        ["/joint_states", "sensor_msgs/msg/JointState", 12.5],
        [`/${DECISIONS}`, "std_msgs/msg/UInt8MultiArray", 12.5],
        ["/joint_states", "sensor_msgs/msg/JointState", 12.5],
      ],
    );
    assert.deepEqual(Buffer.from(messages[0].data), Buffer.from(joints));
    const reader = new McapStreamReader();
    reader.append(readFileSync(path));
    const records = [];
    for (let r; (r = reader.nextRecord()) !== undefined;) records.push(r);
    assert.ok(records.some((r) => r.type === "Header" && r.profile === "ros2"));
    for (const r of records) if (r.type === "Schema") assert.equal(r.encoding, "ros2msg");
    for (const r of records) if (r.type === "Channel") assert.equal(r.messageEncoding, "cdr");
    assert.ok(reader.done());
  }),
);

test(
  "what came before simulated time was heard of is kept, in order, " +
    "and nothing is stamped 0: who plays it would wait for decades",
  options,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "telos-rec-")),
      path = join(folder, "run.mcap");
    const recorder = new Recorder(new RecordingWriter(path, (why) => assert.fail(why)));
    let now = 0;
    recorder.follow({ now: () => now });
    const said = (n: number): Uint8Array =>
      encodeJointState({
        header: { stamp: { sec: n, nanosec: 0 }, frameId: "" },
        name: ["a"],
        position: [n],
        velocity: [],
        effort: [],
      });
    for (const [n, time] of [0, 0, 1.7e9, 1.7e9 + 1].entries()) {
      now = time;
      recorder.take(`/topic${n % 2}`, "sensor_msgs/msg/JointState", said(n));
    }
    await recorder.close();
    const messages = [...streamRecording(path)];
    assert.deepEqual(
      messages.map((m) => [m.topic, m.stamp - 1.7e9]),
      [
        ["/topic0", 0],
        ["/topic1", 0],
        ["/topic0", 0],
        ["/topic1", 1],
      ],
    );
    messages.forEach((m, n) => assert.deepEqual(Buffer.from(m.data), Buffer.from(said(n))));
    rmSync(folder, { recursive: true });
  },
);

test("decisions come back as they were, bit for bit", options, () =>
  record((path) => assert.deepEqual([...readDecisions(path)], [decision])),
);

test("rclpy reads what is recorded", options, () =>
  record((path) => {
    const script =
      "import sys; from rclpy.serialization import deserialize_message as d; from std_msgs.msg import " +
      "UInt8MultiArray as M; print(len(d(bytes.fromhex(sys.stdin.read()), M).data))";
    const [, bytes] = [...streamRecording(path)];
    const { stdout, stderr } = spawnSync("python3", ["-c", script], {
      input: Buffer.from(bytes.data).toString("hex"),
      encoding: "utf8",
    });
    assert.equal(Number(stdout), serialize(decision).length, stderr);
  }),
);

test("a definition holds those of all types that it is made of, each once", options, () => {
  const text = messageDefinition("telos_interfaces/msg/Plan");
  const parts = text.split(/^=+\nMSG: (\S+)\n/m);
  assert.deepEqual(parts.filter((_, i) => i % 2 === 1).sort(), [
    "builtin_interfaces/Time",
    "std_msgs/Header",
    "telos_interfaces/LevelPlan",
  ]);
  assert.match(parts[0], /LevelPlan\[\] levels/);
  assert.throws(() => messageDefinition("no_such_package/msg/Thing"), /no definition of no_such_package\/msg\/Thing/);
});
