import type { Belief } from "../core/Belief.js";
import { invertTransform } from "../core/geometry/invertTransform.js";
import { mulTransform } from "../core/geometry/mulTransform.js";
import { PreparedShape } from "../core/geometry/PreparedShape.js";
import { transformFromQuat } from "../core/geometry/transformFromQuat.js";
import { transformPoint } from "../core/geometry/transformPoint.js";
import type { Thing } from "../core/Thing.js";
import type { Gripper } from "../kinematics/Gripper.js";

const GRID = [-0.4, 0, 0.4]; // of a pad's width and length: the lines from pad to pad that are looked at
const NEAR = 0.003; // m, besides the doubt of where the thing is
const MOST = 0.03; // m, of that doubt: one who knows nothing of a place finds the thing anywhere
const STEP = 5e-4; // m, along a line

/** A thing's pose between the pads. */
export interface BetweenPads {
  readonly lines: number; // of nine from pad to pad, those that meet it
  readonly gap: number; // m, from the nearest of them to it
  readonly pose: Float64Array; // [12] in the pads' frame, m
  // m, along y: where the lines enter it and leave it; undefined where none meets it
  readonly extent: readonly [from: number, to: number] | undefined;
}

/**
 * How a thing lies between the pads, by nine lines over the pads' faces from one to the other; undefined if all of them
 * miss it by more than its doubt, 3σ, and 3 mm.
 * @param pads [12] their frame in the base frame @param aperture m
 */
export function betweenPads(
  { padSize: [width, length] }: Pick<Gripper, "padSize">,
  pads: Float64Array,
  aperture: number,
  { position, orientation, positionStd }: Pick<Belief, "position" | "orientation" | "positionStd">,
  { parts }: Pick<Thing, "parts">,
): BetweenPads | undefined {
  const at = transformFromQuat(new Float64Array(12), 0, orientation, position),
    pose = mulTransform(new Float64Array(12), 0, invertTransform(new Float64Array(12), 0, pads, 0), 0, at, 0),
    inThing = invertTransform(new Float64Array(12), 0, pose, 0);
  const doubt = (positionStd >= 0 ? Math.min(3 * positionStd, MOST) : MOST) + NEAR,
    shapes = parts.map((part) => new PreparedShape(part)),
    seg = new Float64Array(6),
    point = new Float64Array(3);
  /** Distance of the parts from the line at x, z between two y. */
  const gapOf = (x: number, from: number, to: number, z: number): number => {
    transformPoint(seg, 0, inThing, 0, (point.set([x, from, z]), point), 0);
    transformPoint(seg, 3, inThing, 0, (point.set([x, to, z]), point), 0);
    return shapes.reduce((least, shape) => Math.min(least, shape.distance(seg, 0, 0)), Infinity);
  };
  let [lines, gap, low, high] = [0, Infinity, Infinity, -Infinity];
  const half = aperture / 2,
    reach = half + doubt;
  for (const a of GRID)
    for (const b of GRID) {
      const [x, z] = [a * width, b * length],
        off = gapOf(x, -half, half, z);
      gap = Math.min(gap, off);
      if (!(off <= 0)) continue;
      lines++;
      for (let y = -reach; y <= reach; y += STEP)
        if (gapOf(x, y, y, z) <= 0) ((low = Math.min(low, y)), (high = Math.max(high, y)));
    }
  return gap <= doubt ? { lines, gap, pose, extent: low <= high ? [low, high] : undefined } : undefined;
}
