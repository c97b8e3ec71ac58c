import type { Seconds } from "../../../core/Seconds.js";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readFloats, readLength, readStrings, writeFloats, writer, writeStrings } from "./sequences.js";
import { fromSeconds, readStamp, toSeconds, writeStamp } from "./Stamp.js";

/** trajectory_msgs/JointTrajectoryPoint. Arrays are empty or as long as the trajectory's names. */
export interface JointTrajectoryPoint {
  readonly positions: ArrayLike<number>; // rad
  readonly velocities: ArrayLike<number>; // rad/s
  readonly accelerations: ArrayLike<number>; // rad/s²
  readonly effort: ArrayLike<number>; // N·m
  readonly timeFromStart: Seconds;
}

/** trajectory_msgs/JointTrajectory. */
export interface JointTrajectory {
  readonly header: Header;
  readonly jointNames: readonly string[];
  readonly points: readonly JointTrajectoryPoint[];
}

export function encodeJointTrajectory(m: JointTrajectory): Uint8Array {
  const w = writer(128 + m.points.length * (40 + 32 * m.jointNames.length));
  writeHeader(w, m.header);
  writeStrings(w, m.jointNames);
  w.sequenceLength(m.points.length);
  for (const p of m.points) {
    writeFloats(w, p.positions);
    writeFloats(w, p.velocities);
    writeFloats(w, p.accelerations);
    writeFloats(w, p.effort);
    writeStamp(w, fromSeconds(p.timeFromStart));
  }
  return w.data;
}

/** @throws RangeError if the bytes are no JointTrajectory */
export function decodeJointTrajectory(bytes: Uint8Array): JointTrajectory {
  const r = reader(bytes);
  const header = readHeader(r),
    jointNames = readStrings(r, bounds.joints);
  const points = Array.from({ length: readLength(r, 24, bounds.points) }, () => ({
    positions: readFloats(r, bounds.joints),
    velocities: readFloats(r, bounds.joints),
    accelerations: readFloats(r, bounds.joints),
    effort: readFloats(r, bounds.joints),
    timeFromStart: toSeconds(readStamp(r)),
  }));
  return { header, jointNames, points };
}
