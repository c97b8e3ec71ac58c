import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";
import type { Thing } from "../../../core/Thing.js";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { readObjectShape, writeObjectShape } from "./ObjectShape.js";
import { readPose, writePose } from "./Pose.js";
import { reader, readLength, readString, writer, writeString } from "./sequences.js";

const SHAPE = 35; // bytes of one, at least

/** telos_interfaces/Object. */
export interface ObjectMessage {
  readonly id: string;
  readonly position: Vec3; // m
  readonly orientation: Quat; // x, y, z, w
  readonly positionStd: number; // m
  readonly orientationStd: number; // rad
}

/** telos_interfaces/ObjectArray. */
export interface ObjectArray {
  readonly header: Header;
  readonly objects: readonly ObjectMessage[];
  readonly shapes: readonly Thing[]; // of some or all of them; empty: nothing new
}

export function writeObjects(w: CdrWriter, objects: readonly ObjectMessage[]): void {
  w.sequenceLength(objects.length);
  for (const o of objects) {
    writeString(w, o.id);
    writePose(w, o);
    w.float64(o.positionStd);
    w.float64(o.orientationStd);
  }
}

/** @throws RangeError if the bytes end too early */
export function readObjects(r: CdrReader): ObjectMessage[] {
  return Array.from({ length: readLength(r, 76, bounds.objects) }, () => ({
    id: readString(r),
    ...readPose(r),
    positionStd: r.float64(),
    orientationStd: r.float64(),
  }));
}

export function encodeObjectArray(m: ObjectArray): Uint8Array {
  const w = writer(64 + 128 * m.objects.length);
  writeHeader(w, m.header);
  writeObjects(w, m.objects);
  w.sequenceLength(m.shapes.length);
  for (const shape of m.shapes) writeObjectShape(w, shape);
  return w.data;
}

/** @throws RangeError if the bytes are no ObjectArray */
export function decodeObjectArray(bytes: Uint8Array): ObjectArray {
  const r = reader(bytes);
  return {
    header: readHeader(r),
    objects: readObjects(r),
    shapes: Array.from({ length: readLength(r, SHAPE, bounds.objects) }, () => readObjectShape(r)),
  };
}
