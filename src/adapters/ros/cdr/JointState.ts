import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readFloats, readStrings, writeFloats, writer, writeStrings } from "./sequences.js";

/** sensor_msgs/JointState. Arrays may be empty or as long as `name`; nothing here enforces it. */
export interface JointState {
  readonly header: Header;
  readonly name: readonly string[];
  readonly position: ArrayLike<number>; // rad or m
  readonly velocity: ArrayLike<number>; // rad/s or m/s
  readonly effort: ArrayLike<number>; // N·m or N
}

export function writeJointState(w: CdrWriter, m: JointState): void {
  writeHeader(w, m.header);
  writeStrings(w, m.name);
  writeFloats(w, m.position);
  writeFloats(w, m.velocity);
  writeFloats(w, m.effort);
}

/** @throws RangeError if the bytes end too early */
export function readJointState(r: CdrReader): JointState {
  return {
    header: readHeader(r),
    name: readStrings(r, bounds.joints),
    position: readFloats(r, bounds.joints),
    velocity: readFloats(r, bounds.joints),
    effort: readFloats(r, bounds.joints),
  };
}

export function encodeJointState(m: JointState): Uint8Array {
  const w = writer(512);
  writeJointState(w, m);
  return w.data;
}

/** @throws RangeError if the bytes are no JointState */
export function decodeJointState(bytes: Uint8Array): JointState {
  return readJointState(reader(bytes));
}
