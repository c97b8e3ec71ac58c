import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import type { Vec3 } from "../../../core/geometry/Shape.js";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readLength, readString, writer, writeString } from "./sequences.js";

/** telos_interfaces/Body. */
export interface BodyMessage {
  readonly id: string;
  readonly kind: "person" | "object";
  readonly p0: Vec3; // m
  readonly p1: Vec3; // m
  readonly radius: number; // m
  readonly speedBound: number; // m/s
}

/** telos_interfaces/BodyArray. */
export interface BodyArray {
  readonly header: Header;
  readonly bodies: readonly BodyMessage[];
}

const KINDS = ["person", "object"] as const; // Body.PERSON = 0, Body.OBJECT = 1

export function writeBodies(w: CdrWriter, bodies: readonly BodyMessage[]): void {
  w.sequenceLength(bodies.length);
  for (const b of bodies) {
    writeString(w, b.id);
    w.uint8(KINDS.indexOf(b.kind));
    for (const x of [...b.p0, ...b.p1, b.radius, b.speedBound]) w.float64(x);
  }
}

/** An unknown kind counts as a person, to be safe. @throws RangeError if the bytes end too early */
export function readBodies(r: CdrReader): BodyMessage[] {
  const point = (): Vec3 => [r.float64(), r.float64(), r.float64()];
  return Array.from({ length: readLength(r, 72, bounds.bodies) }, () => ({
    id: readString(r),
    kind: KINDS[r.uint8()] ?? "person",
    p0: point(),
    p1: point(),
    radius: r.float64(),
    speedBound: r.float64(),
  }));
}

export function encodeBodyArray(m: BodyArray): Uint8Array {
  const w = writer(64 + 128 * m.bodies.length);
  writeHeader(w, m.header);
  writeBodies(w, m.bodies);
  return w.data;
}

/** @throws RangeError if the bytes are no BodyArray */
export function decodeBodyArray(bytes: Uint8Array): BodyArray {
  const r = reader(bytes);
  return { header: readHeader(r), bodies: readBodies(r) };
}
