import type { Vec3 } from "../../../core/geometry/Shape.js";
import { readBodies, writeBodies, type BodyMessage } from "./BodyArray.js";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { readJointState, writeJointState, type JointState } from "./JointState.js";
import { readObjects, writeObjects, type ObjectMessage } from "./ObjectArray.js";
import { readPose, writePose, type PoseMessage } from "./Pose.js";
import {
  reader,
  readFloats,
  readLength,
  readString,
  readStrings,
  writeFloats,
  writer,
  writeStrings,
  writeString,
} from "./sequences.js";

/** telos_interfaces/Contact. */
export interface ContactMessage {
  readonly body1: string;
  readonly body2: string;
  readonly force: number; // N
  readonly position: Vec3; // m
  readonly depth: number; // m
}

/** telos_interfaces/GroundTruth. */
export interface GroundTruth {
  readonly header: Header;
  readonly jointState: JointState;
  readonly desired: JointState;
  readonly objects: readonly ObjectMessage[];
  readonly contacts: readonly ContactMessage[];
  readonly bodies: readonly BodyMessage[];
  readonly personIds: readonly string[];
  readonly personDistances: ArrayLike<number>; // m
  readonly tool: PoseMessage;
  readonly scene: string;
  readonly seed: number;
  readonly held: string; // id of what the hand holds, "" if nothing
  readonly realTimeFactor: number;
}

export function encodeGroundTruth(m: GroundTruth): Uint8Array {
  const w = writer(2048);
  writeHeader(w, m.header);
  writeJointState(w, m.jointState);
  writeJointState(w, m.desired);
  writeObjects(w, m.objects);
  w.sequenceLength(m.contacts.length);
  for (const c of m.contacts) {
    writeString(w, c.body1);
    writeString(w, c.body2);
    for (const x of [c.force, ...c.position, c.depth]) w.float64(x);
  }
  writeBodies(w, m.bodies);
  writeStrings(w, m.personIds);
  writeFloats(w, m.personDistances);
  writePose(w, m.tool);
  writeString(w, m.scene);
  w.uint64(BigInt(m.seed));
  writeString(w, m.held);
  w.float64(m.realTimeFactor);
  return w.data;
}

/** @throws RangeError if the bytes are no GroundTruth */
export function decodeGroundTruth(bytes: Uint8Array): GroundTruth {
  const r = reader(bytes);
  return {
    header: readHeader(r),
    jointState: readJointState(r),
    desired: readJointState(r),
    objects: readObjects(r),
    contacts: Array.from({ length: readLength(r, 48, bounds.contacts) }, () => ({
      body1: readString(r),
      body2: readString(r),
      force: r.float64(),
      position: [r.float64(), r.float64(), r.float64()] as const,
      depth: r.float64(),
    })),
    bodies: readBodies(r),
    personIds: readStrings(r, bounds.bodies),
    personDistances: readFloats(r, bounds.bodies),
    tool: readPose(r),
    scene: readString(r),
    seed: Number(r.uint64()),
    held: readString(r),
    realTimeFactor: r.float64(),
  };
}
