import { transformPoint } from "../../core/geometry/transformPoint.js";
import type { Shape, Vec3 } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { facesOf } from "./facesOf.js";

const ACROSS = 8; // intervals between points along an edge
const THIN = 1e-9; // m: a line along a face is in the shape

/**
 * How far a thing would fall, m: the least way straight down from a point of it to a support; Infinity if there is none
 * below. Negative or 0 if it touches one. Points lie on a lattice over each part, so that a support narrower than an
 * eighth of the thing may be missed and the way is then too long, never too short by more than that.
 *
 * @param parts of the thing, in its own frame
 * @param pose [12] of that frame in the base frame, whose z axis is up
 */
export function dropHeight(parts: readonly Shape[], pose: Float64Array, supports: readonly Shape[]): number {
  const faces = supports.map(facesOf),
    x = new Float64Array(3);
  let least = Infinity;
  for (const part of parts)
    for (const { point, radius } of lattice(part)) {
      x.set(point);
      transformPoint(x, 0, pose, 0, x, 0);
      for (const face of faces) {
        const way = wayDown(x, face) - radius;
        if (way < least) least = way;
      }
    }
  return least;
}

/**
 * How far below a point a convex solid of these faces [faces,4] begins, m: negative inside it, Infinity beside it and
 * for NaN.
 */
function wayDown(x: Float64Array, face: Float64Array): number {
  let enter = -Infinity,
    leave = Infinity;
  for (let f = 0; f < face.length; f += 4) {
    const above = face[f] * x[0] + face[f + 1] * x[1] + face[f + 2] * x[2] - face[f + 3],
      fall = face[f + 2]; // by which `above` falls per metre down
    if (Math.abs(fall) < THIN) {
      if (!(above <= THIN)) return Infinity;
    } else if (fall > 0) enter = Math.max(enter, above / fall);
    else leave = Math.min(leave, above / fall);
  }
  return enter <= leave && leave >= 0 ? enter : Infinity;
}

function* lattice(part: Shape): Generator<{ readonly point: Vec3; readonly radius: number }> {
  if (part.kind === "halfSpace") throw new RangeError("thing: got a half-space, want boxes and capsules");
  if (part.kind === "capsule") {
    for (let i = 0; i <= ACROSS; i++)
      yield {
        point: part.p0.map((a, e) => a + (i / ACROSS) * (part.p1[e] - a)) as unknown as Vec3,
        radius: part.radius,
      };
    return;
  }
  const pose = transformFromQuat(new Float64Array(12), 0, part.orientation, part.center),
    x = new Float64Array(3);
  for (let i = 0; i <= ACROSS; i++)
    for (let k = 0; k <= ACROSS; k++)
      for (let l = 0; l <= ACROSS; l++) {
        if ([i, k, l].every((n) => n > 0 && n < ACROSS)) continue; // within
        x.set([i, k, l].map((n, e) => (n / ACROSS - 0.5) * part.size[e]));
        transformPoint(x, 0, pose, 0, x, 0);
        yield { point: [x[0], x[1], x[2]], radius: 0 };
      }
}
