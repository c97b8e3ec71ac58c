import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import type { Shape, Vec3 } from "../../../core/geometry/Shape.js";
import type { Thing } from "../../../core/Thing.js";
import { rotate } from "../../../config/index.js";
import { bounds } from "./bounds.js";
import { readPose, writePose, type PoseMessage } from "./Pose.js";
import { readLength, readString, writeString } from "./sequences.js";

const BOX = 1,
  CAPSULE = 2;
const UPRIGHT = [0, 0, 0, 1] as const;
const PART = 88; // bytes

/** Writes a telos_interfaces/ObjectShape. @throws RangeError for a half-space, which no thing has */
export function writeObjectShape(w: CdrWriter, { id, kind, parts, inside, round, mass, friction }: Thing): void {
  writeString(w, id);
  writeString(w, kind);
  writeParts(w, parts);
  writeParts(w, inside === undefined ? [] : [inside]);
  w.uint8(round === true ? 1 : 0);
  w.float64(mass);
  w.float64(friction);
}

/** @throws RangeError if the bytes end too early, or are of a shape that is none */
export function readObjectShape(r: CdrReader): Thing {
  const id = readString(r),
    kind = readString(r),
    parts = readParts(r, bounds.parts),
    [inside] = readParts(r, 1),
    round = r.uint8() !== 0;
  if (inside !== undefined && inside.kind !== "box")
    throw new RangeError(`the inside of ${id} is a ${inside.kind}, want a box`);
  return {
    id,
    kind,
    parts,
    ...(inside !== undefined && { inside }),
    ...(round && { round }),
    mass: r.float64(),
    friction: r.float64(),
  };
}

function writeParts(w: CdrWriter, parts: readonly Shape[]): void {
  w.sequenceLength(parts.length);
  for (const part of parts) {
    const { kind, pose, size } = encoded(part);
    w.uint8(kind);
    writePose(w, pose);
    for (const x of size) w.float64(x);
  }
}

function encoded(part: Shape): { readonly kind: number; readonly pose: PoseMessage; readonly size: Vec3 } {
  switch (part.kind) {
    case "box":
      return { kind: BOX, pose: { position: part.center, orientation: part.orientation }, size: part.size };
    case "capsule": {
      const { p0, p1, radius } = part,
        way: Vec3 = [p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]],
        length = Math.hypot(...way);
      const position: Vec3 = [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
      return { kind: CAPSULE, pose: { position, orientation: fromZ(way, length) }, size: [radius, length, 0] };
    }
    case "halfSpace":
      throw new RangeError("got a half-space as part of a thing, want boxes and capsules");
    default:
      return part satisfies never;
  }
}

/** The quaternion x, y, z, w of the shortest turn from the z axis to a direction. */
function fromZ([x, y, z]: Vec3, length: number): PoseMessage["orientation"] {
  if (!(length > 0)) return UPRIGHT;
  const w = 1 + z / length;
  if (w < 1e-9) return [1, 0, 0, 0];
  const norm = Math.hypot(y / length, x / length, w);
  return [(0 - y) / length / norm, x / length / norm, 0, w / norm];
}

function readParts(r: CdrReader, most: number): Shape[] {
  return Array.from({ length: readLength(r, PART, most) }, () => {
    const kind = r.uint8(),
      { position, orientation } = readPose(r),
      size: Vec3 = [r.float64(), r.float64(), r.float64()];
    if (kind === BOX) return { kind: "box", center: position, size, orientation };
    if (kind !== CAPSULE) throw new RangeError(`a part of kind ${kind}, want ${BOX} (box) or ${CAPSULE} (capsule)`);
    const [x, y, z] = rotate(orientation, [0, 0, size[1] / 2]);
    const end = (sign: number): Vec3 => [position[0] + sign * x, position[1] + sign * y, position[2] + sign * z];
    return { kind: "capsule", p0: end(-1), p1: end(1), radius: size[0] };
  });
}
