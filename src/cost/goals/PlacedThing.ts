import type { Shape } from "../../core/geometry/Shape.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { Thing } from "../../core/Thing.js";
import type { KnotView } from "../KnotView.js";
import { poseOf } from "../poseOf.js";

const ENDLESS = 10; // m: half edges of the box that stands for a half-space

/** A convex part: a box of half edges h about a centre, rounded by a radius. Its pose is rows of 3×4. */
export interface PlacedPart {
  readonly own: Float64Array; // [12] in the thing's frame
  readonly pose: Float64Array; // [12] in the base frame, once placed
  readonly half: Float64Array; // [3] m
  readonly radius: number; // m
}

/** A thing with its parts where it is believed to be. Lengths in m. */
export class PlacedThing {
  readonly pose = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0); // rows of 3×4, base frame
  readonly parts: readonly PlacedPart[];
  private readonly centre: Float64Array; // [3] of the enclosing box, in its own frame

  /** @param id absent: the thing is fixed, its parts are in the base frame */
  constructor(
    thing: Thing,
    private readonly id?: string,
  ) {
    this.parts = thing.parts.map(partOf);
    for (const part of this.parts) part.pose.set(part.own);
    const bounds = new Float64Array(2);
    this.centre = Float64Array.from([0, 1, 2], (c) => {
      this.extent(bounds, Number(c === 0), Number(c === 1), Number(c === 2));
      return (bounds[0] + bounds[1]) / 2;
    });
  }

  /** Places it where it is predicted, or else believed, to be. @throws UnknownObjectError */
  place(x: KnotView): void {
    if (this.id === undefined) return;
    poseOf(this.pose, x, this.id);
    for (const part of this.parts) mulTransform(part.pose, 0, this.pose, 0, part.own, 0);
  }

  /** Entry c of its enclosing box's centre, which stands for its centre of mass. */
  centreAt(c: number): number {
    const { pose: T, centre: p } = this;
    return T[4 * c] * p[0] + T[4 * c + 1] * p[1] + T[4 * c + 2] * p[2] + T[4 * c + 3];
  }

  /** out[0], out[1]: the least and the greatest u·p over its points p, with u a unit vector of the base frame. */
  extent(out: Float64Array, ux: number, uy: number, uz: number): void {
    let low = Infinity,
      high = -Infinity;
    for (let i = 0; i < this.parts.length; i++) {
      const { pose: T, half, radius } = this.parts[i];
      const middle = ux * T[3] + uy * T[7] + uz * T[11];
      let reach = radius;
      for (let k = 0; k < 3; k++) reach += half[k] * Math.abs(ux * T[k] + uy * T[4 + k] + uz * T[8 + k]);
      if (middle - reach < low) low = middle - reach;
      if (middle + reach > high) high = middle + reach;
    }
    out[0] = low;
    out[1] = high;
  }
}

function partOf(shape: Shape): PlacedPart {
  switch (shape.kind) {
    case "box":
      return part(
        transformFromQuat(new Float64Array(12), 0, shape.orientation, shape.center),
        shape.size.map((s) => s / 2),
        0,
      );
    case "capsule": {
      const axis = shape.p1.map((x, c) => x - shape.p0[c]);
      const middle = shape.p0.map((x, c) => x + axis[c] / 2);
      return part(alongZ(axis, middle), [0, 0, Math.hypot(...axis) / 2], shape.radius);
    }
    case "halfSpace": {
      const n = Math.hypot(...shape.normal);
      const depth = shape.offset / n - ENDLESS;
      const middle = shape.normal.map((x) => (x / n) * depth);
      return part(alongZ(shape.normal, middle), [ENDLESS, ENDLESS, ENDLESS], 0);
    }
    default:
      return shape satisfies never;
  }
}

const part = (own: Float64Array, half: readonly number[], radius: number): PlacedPart => ({
  own,
  pose: new Float64Array(12),
  half: Float64Array.from(half),
  radius,
});

/** A pose whose z axis is along a direction; along z itself if it has none. */
function alongZ(direction: readonly number[], [px, py, pz]: readonly number[]): Float64Array {
  const n = Math.hypot(...direction);
  const [x, y, z] = n > 0 ? direction.map((d) => d / n) : [0, 0, 1];
  const quat = z > -0.999999 ? [-y, x, 0, 1 + z] : [1, 0, 0, 0]; // the shortest turn of z
  return transformFromQuat(new Float64Array(12), 0, quat, [px, py, pz]);
}
