import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Rng } from "../../../../src/core/math/Rng.js";
import { decodeBodyArray } from "../../../../src/adapters/ros/cdr/BodyArray.js";
import { decodeCameraInfo } from "../../../../src/adapters/ros/cdr/CameraInfo.js";
import { decodeClock } from "../../../../src/adapters/ros/cdr/Clock.js";
import { decodeCommanded, encodeCommanded } from "../../../../src/adapters/ros/cdr/Commanded.js";
import { decodeGroundTruth } from "../../../../src/adapters/ros/cdr/GroundTruth.js";
import { decodeGuardReport, encodeGuardReport } from "../../../../src/adapters/ros/cdr/GuardReport.js";
import { decodeImage, encodeImage } from "../../../../src/adapters/ros/cdr/Image.js";
import { decodeJointState } from "../../../../src/adapters/ros/cdr/JointState.js";
import { decodeJointTrajectory } from "../../../../src/adapters/ros/cdr/JointTrajectory.js";
import { decodeObjectArray } from "../../../../src/adapters/ros/cdr/ObjectArray.js";
import { decodeProposal, encodeProposal } from "../../../../src/adapters/ros/cdr/Proposal.js";
import { decodeString } from "../../../../src/adapters/ros/cdr/StringMessage.js";
import { decodeTransforms } from "../../../../src/adapters/ros/cdr/TFMessage.js";
import { decodeWrenchStamped } from "../../../../src/adapters/ros/cdr/WrenchStamped.js";
import { rgbOfImage } from "../../../../src/adapters/ros/rgbOfImage.js";
import { tfBytes } from "../tfBytes.js";

const golden = JSON.parse(
  readFileSync(new URL("../../../../../test/golden/cdr.json", import.meta.url), "utf8"),
) as Record<string, string>;
const hex = (name: string): Uint8Array => new Uint8Array(Buffer.from(golden[name], "hex"));
const header = { stamp: { sec: 1, nanosec: 2 }, frameId: "base_link" };

/** Every decoder of a message that comes over a wire, and bytes that it reads. */
const decoders: Record<string, [(b: Uint8Array) => unknown, Uint8Array]> = {
  BodyArray: [decodeBodyArray, hex("BodyArray")],
  CameraInfo: [decodeCameraInfo, hex("CameraInfo")],
  Clock: [decodeClock, hex("Clock")],
  Commanded: [decodeCommanded, encodeCommanded({ header, following: true, position: [1, 2], velocity: [3, 4] })],
  GroundTruth: [decodeGroundTruth, hex("GroundTruth")],
  GuardReport: [
    decodeGuardReport,
    encodeGuardReport({
      header,
      mode: "active",
      next: "active",
      stoppedBy: "x",
      margin: 1,
      idle: true,
      fresh: true,
      margins: [{ name: "m", value: 1, unit: "m" }],
      checks: 1,
      limited: 2,
      stopped: 3,
      trips: { m: 1 },
      missed: 0,
      ticks: 9,
      rejected: 0,
      lastRejection: "why",
    }),
  ],
  Image: [(b) => rgbOfImage(decodeImage(b)), hex("Image")],
  JointState: [decodeJointState, hex("JointState")],
  JointTrajectory: [decodeJointTrajectory, hex("JointTrajectory")],
  ObjectArray: [decodeObjectArray, hex("ObjectArray")],
  Proposal: [
    decodeProposal,
    encodeProposal({
      header,
      kind: 1,
      jointNames: ["a"],
      start: header.stamp,
      dt: 0.1,
      positions: [1, 2],
      velocities: [0, 0],
      guardrails: "[]",
    }),
  ],
  String: [decodeString, hex("String")],
  TFMessage: [
    decodeTransforms,
    tfBytes([{ parent: "base_link", child: "camera", position: [1, 2, 3], orientation: [0, 0, 0, 1] }]),
  ],
  WrenchStamped: [decodeWrenchStamped, hex("WrenchStamped")],
};

/** What a value takes, counted by hand: a number 8 bytes, a string or array its length and 8 more. */
function size(x: unknown): number {
  if (typeof x === "string") return 8 + x.length;
  if (ArrayBuffer.isView(x)) return 8 + x.byteLength;
  if (Array.isArray(x)) return x.reduce((sum: number, y) => sum + size(y), 8);
  if (typeof x === "object" && x !== null) return Object.values(x).reduce((sum: number, y) => sum + size(y), 8);
  return 8;
}

/**
 * A message in the middle of memory that belongs to others, as DDS hands it over: all around it lies what must not be
 * read.
 */
function among(bytes: Uint8Array): Uint8Array {
  const pool = new Uint8Array(bytes.length + 2304).fill(0x5a);
  pool.set(bytes, 256);
  return pool.subarray(256, 256 + bytes.length);
}

const NUMBERS = [0, 1, 2, 3, 255, 256, 257, 4096, 65535, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const RUNS = 1500; // of each decoder; more by FUZZ=n

for (const [name, [decode, sound]] of Object.entries(decoders)) {
  test(
    `${name}: whatever the bytes, a RangeError or a value that takes no more than a small multiple of them, ` +
      "and nothing of what lies beside them",
    () => {
      const rng = new Rng(7);
      decode(among(sound));
      for (let run = 0; run < Number(process.env.FUZZ ?? RUNS); run++) {
        let bytes: Uint8Array =
          run % 4 === 0
            ? Uint8Array.from({ length: rng.bits() % 300 }, () => rng.bits() & 255)
            : sound.slice(0, rng.uniform() < 0.3 ? rng.bits() % (sound.length + 1) : undefined);
        if (run % 4 === 0 && bytes.length > 1) bytes.set([0, 1]); // most as DDS sends them
        for (let k = rng.bits() % 4; k > 0 && bytes.length >= 8; k--) {
          const at = 4 * (1 + (rng.bits() % (Math.floor(bytes.length / 4) - 1)));
          new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, NUMBERS[rng.bits() % NUMBERS.length], true);
        }
        if (rng.uniform() < 0.3 && bytes.length > 0) bytes[rng.bits() % bytes.length] = rng.bits() & 255;
        bytes = among(bytes);
        let value: unknown;
        try {
          value = decode(bytes);
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
          continue;
        }
        assert.ok(size(value) <= 1024 + 16 * bytes.length, `${size(value)} of ${bytes.length} bytes`);
        assert.ok(
          !JSON.stringify(value, (_, x: unknown) => (typeof x === "bigint" ? Number(x) : x)).includes("ZZZZ"),
          "read beside the message",
        );
      }
    },
  );
}

/** An array that counts how often a part of it is asked for. */
class Counted extends Uint8Array {
  static looks = 0;
  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    Counted.looks++;
    return new Uint8Array(
      this.buffer as ArrayBuffer,
      this.byteOffset + (begin ?? 0),
      Math.max(0, (end ?? this.length) - (begin ?? 0)),
    );
  }
}

for (const [width, height, step] of [
  [0, 0xffffffff, 0],
  [0, 100_000, 0],
  [0xffffffff, 0, 0],
  [1, 0xffffffff, 0],
  [0, 0, 0],
  [0xffffffff, 0xffffffff, 0xffffffff],
  [8193, 1, 24579],
]) {
  test(`an image of ${width} × ${height}, ${step} bytes a row, is refused before a row is looked at`, () => {
    const bytes = encodeImage({
      header: { ...header, frameId: "" },
      width,
      height,
      encoding: "rgb8",
      isBigendian: false,
      step,
      data: new Uint8Array(0),
    });
    assert.ok(bytes.length <= 48, `${bytes.length} bytes`);
    const image = decodeImage(bytes);
    Counted.looks = 0;
    assert.throws(() => rgbOfImage({ ...image, data: new Counted(width === 8193 ? step : 0) }), RangeError);
    assert.equal(Counted.looks, 0);
  });
}
