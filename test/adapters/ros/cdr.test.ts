import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { decodeBodyArray, encodeBodyArray } from "../../../src/adapters/ros/cdr/BodyArray.js";
import { decodeCameraInfo, encodeCameraInfo } from "../../../src/adapters/ros/cdr/CameraInfo.js";
import { decodeClock, encodeClock } from "../../../src/adapters/ros/cdr/Clock.js";
import { decodeGroundTruth, encodeGroundTruth } from "../../../src/adapters/ros/cdr/GroundTruth.js";
import { decodeImage, encodeImage } from "../../../src/adapters/ros/cdr/Image.js";
import { decodeJointState, encodeJointState } from "../../../src/adapters/ros/cdr/JointState.js";
import { decodeJointTrajectory, encodeJointTrajectory } from "../../../src/adapters/ros/cdr/JointTrajectory.js";
import { decodeObjectArray, encodeObjectArray } from "../../../src/adapters/ros/cdr/ObjectArray.js";
import { between, fromSeconds, later, toSeconds } from "../../../src/adapters/ros/cdr/Stamp.js";
import { decodeWrenchStamped, encodeWrenchStamped } from "../../../src/adapters/ros/cdr/WrenchStamped.js";
import { decodeString, encodeString } from "../../../src/adapters/ros/cdr/StringMessage.js";

/** Bytes that rclpy's serialize_message made (make_cdr.py beside the file). */
const golden = JSON.parse(readFileSync(new URL("../../../../test/golden/cdr.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

const codecs: Record<string, { decode: (b: Uint8Array) => unknown; encode: (m: never) => Uint8Array }> = {
  BodyArray: { decode: decodeBodyArray, encode: encodeBodyArray },
  CameraInfo: { decode: decodeCameraInfo, encode: encodeCameraInfo },
  Clock: { decode: decodeClock, encode: encodeClock },
  GroundTruth: { decode: decodeGroundTruth, encode: encodeGroundTruth },
  Image: { decode: decodeImage, encode: encodeImage },
  JointState: { decode: decodeJointState, encode: encodeJointState },
  JointTrajectory: { decode: decodeJointTrajectory, encode: encodeJointTrajectory },
  ObjectArray: { decode: decodeObjectArray, encode: encodeObjectArray },
  WrenchStamped: { decode: decodeWrenchStamped, encode: encodeWrenchStamped },
  String: { decode: decodeString, encode: encodeString },
};

for (const [name, { decode, encode }] of Object.entries(codecs)) {
  const bytes = new Uint8Array(Buffer.from(golden[name], "hex"));

  test(`${name}: what rclpy serialised comes out again byte for byte`, () => {
    const again = encode(decode(bytes) as never);
    assert.deepEqual(decode(again), decode(bytes));
    // Fast CDR leaves what it pads with unwritten: such bytes (zero here, anything there) carry nothing.
    const differing = Array.from(again.keys()).filter((i) => again[i] !== bytes[i]);
    assert.ok(
      differing.every((i) => again[i] === 0),
      `bytes ${differing.join(", ")}`,
    );
    assert.ok(bytes.length >= again.length); // its size is an estimate from above: what follows carries nothing either
  });

  test(
    `${name}: every cut and every wrong byte gives a message or a RangeError, ` + "never a hang or a huge allocation",
    () => {
      for (let n = 0; n < bytes.length; n++) tryDecode(decode, bytes.slice(0, n));
      const rng = new Rng(1);
      for (let k = 0; k < 2000; k++) {
        const spoilt = bytes.slice();
        for (let i = 0; i < 3; i++) spoilt[Math.floor(rng.range(4, bytes.length))] = rng.bits() & 255;
        tryDecode(decode, spoilt);
      }
    },
  );
}

function tryDecode(decode: (b: Uint8Array) => unknown, bytes: Uint8Array): void {
  try {
    decode(bytes);
  } catch (error) {
    assert.ok(error instanceof RangeError, String(error));
  }
}

test("fields stand where they should", () => {
  const m = decodeJointTrajectory(Buffer.from(golden.JointTrajectory, "hex"));
  assert.deepEqual(m.header, { stamp: { sec: 1700000001, nanosec: 123456789 }, frameId: "world" });
  assert.deepEqual(m.jointNames, ["j1", "joint_two"]);
  assert.deepEqual(Array.from(m.points[2].positions), [0.2, -0.4]);
  assert.equal(m.points[2].timeFromStart, 2.5);
  assert.deepEqual(
    Array.from(decodeWrenchStamped(Buffer.from(golden.WrenchStamped, "hex")).wrench),
    [1.5, -2, 30.25, 0.1, 0.2, -0.3],
  );
  const truth = decodeGroundTruth(Buffer.from(golden.GroundTruth, "hex"));
  assert.equal(truth.contacts[0].force, 12.5);
  assert.equal(truth.seed, 7);
  assert.equal(truth.bodies[0].radius, 0.05);
});

test("stamps are exact to the nanosecond at our epoch", () => {
  const t0 = { sec: 1700000001, nanosec: 999999999 };
  assert.deepEqual(later(t0, 0.002), { sec: 1700000002, nanosec: 1999999 });
  assert.ok(Math.abs(between(later(t0, 12.345), t0) - 12.345) < 1e-9);
  assert.equal(toSeconds(fromSeconds(0.9999999999)), 1);
});
