import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import type { Urdf, UrdfJoint } from "./Urdf.js";
import { transformFromAxisAngle } from "../../core/geometry/transformFromAxisAngle.js";

/**
 * Where a URDF link sits on the arm: rigid in frame `frame`, or, below a gripper's joints, at every pose of a sweep
 * over their ranges.
 */
export interface PlacedLink {
  readonly link: string;
  readonly frame: number; // 0 base, i after the arm's joint i−1
  readonly poses: readonly Float64Array[]; // [12] each; the first with every joint off the arm at its value nearest 0
  readonly gap: number; // Σ (1 − cos ½step) over the turning joints swept, and
  // m from the first of them to the link: between poses a point x strays ≤ gap·(lever + |x|) from their hull
  readonly lever: number;
  readonly other: boolean; // of another arm: where it is, nobody here knows; its one pose is at rest
}

/** A hand that opens and closes: its joints move together, so its links are seen where they truly are. */
export interface HandSweep {
  /**
   * Values of a joint at each of the hand's postures: the first at rest, the others from closed to open. Undefined for
   * a joint that is not the hand's.
   */
  valuesOf(joint: UrdfJoint): readonly number[] | undefined;
}

// turning or sliding joints in series, off the arm, that are still a hand's; and as deep as poses multiply
const HAND = 3;

/**
 * Folds the tree below `base` onto the arm's frames: what hangs on fixed joints is rigid, what hangs on joints that are
 * not the arm's (a gripper's) is seen over their range, deeper than three joints as balls about its joint. What hangs
 * elsewhere than on the tool by more than three joints in series is another arm. `moving` are the arm's joints in
 * order, their frames 1…nq; joints in `held` stand still at rest; those of a declared `hand` move together.
 */
export function placeLinks(
  urdf: Urdf,
  base: string,
  moving: readonly UrdfJoint[],
  held: ReadonlySet<UrdfJoint>,
  hand?: HandSweep,
): readonly PlacedLink[] {
  const identity = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  const still = { poses: [identity], gap: 0, lever: 0, depth: 0, other: false, step: 0, before: 0, together: false };
  const placed: Placing[] = [{ link: base, frame: 0, ...still }];
  const joints = [...urdf.joints.values()],
    deep = new Map<UrdfJoint, number>();
  /** Most joints in series, at this one and below, that sweep. */
  const series = (joint: UrdfJoint): number =>
    deep.get(joint) ??
    deep
      .set(
        joint,
        (sweeps(joint) ? 1 : 0) +
          Math.max(0, ...joints.filter((j) => j.parent === joint.child && !moving.includes(j)).map(series)),
      )
      .get(joint)!;
  for (let i = 0; i < placed.length; i++) {
    const { link, frame, poses, gap, lever, depth, ...on } = placed[i];
    for (const joint of joints) {
      if (joint.parent !== link) continue;
      if (moving.includes(joint)) {
        placed.push({ link: joint.child, frame: moving.indexOf(joint) + 1, ...still });
        continue;
      }
      const origin = transformFromRpy(new Float64Array(12), 0, joint.origin.xyz, joint.origin.rpy);
      const own = hand?.valuesOf(joint);
      if (own !== undefined) {
        placed.push(withHand(placed[i], joint, origin, own));
        continue;
      }
      const other = on.other || (!held.has(joint) && sweeps(joint) && frame < moving.length && series(joint) > HAND),
        ball = depth >= HAND && sweeps(joint);
      const values = held.has(joint) || other || ball ? [restValue(joint)] : sweep(joint, depth);
      const motions = values.map((q) => mulTransform(new Float64Array(12), 0, origin, 0, jointMotion(joint, q), 0));
      let off = 0; // of a point from where one of the poses has it, per m of lever
      if (ball && !other) off = 2; // a turn takes no point farther than twice its distance
      else if (values.length > 1 && joint.type !== "prismatic") off = 1 - Math.cos((values[2] - values[1]) / 2);
      placed.push({
        link: joint.child,
        frame,
        poses: poses.flatMap((pose) => motions.map((m) => mulTransform(new Float64Array(12), 0, pose, 0, m, 0))),
        gap: gap + off,
        lever: gap > 0 || ball ? lever + Math.hypot(...joint.origin.xyz) + stroke(joint) : 0,
        depth: depth + (values.length > 1 || ball ? 1 : 0),
        other,
        step: on.step,
        before: on.before + off,
        together: on.together && values.length === 1,
      });
    }
  }
  return placed;
}

/** A link, and what its children need to know. */
interface Placing extends PlacedLink {
  readonly depth: number;
  readonly step: number; // rad, Σ of the hand's turning joints above, between two of its postures
  readonly before: number; // the gap without them
  readonly together: boolean; // the poses are those of the hand's postures, in their order, again and again
}

/**
 * The child of a joint of a hand. A point at lever r behind joints that turn by the steps Δ₁, Δ₂, … together strays
 * from the hull of two poses by at most r·(1 − cos ½ΣΔ).
 */
function withHand(at: Placing, joint: UrdfJoint, origin: Float64Array, values: readonly number[]): Placing {
  const motions = values.map((q) => mulTransform(new Float64Array(12), 0, origin, 0, jointMotion(joint, q), 0));
  const pair = (a: Float64Array, b: Float64Array): Float64Array => mulTransform(new Float64Array(12), 0, a, 0, b, 0);
  const step = at.step + (joint.type === "prismatic" ? 0 : Math.abs(values[2] - values[1]));
  return {
    link: joint.child,
    frame: at.frame,
    poses: at.together
      ? at.poses.map((pose, i) => pair(pose, motions[i % motions.length]))
      : at.poses.flatMap((pose) => motions.map((m) => pair(pose, m))),
    gap: at.before + 1 - Math.cos(step / 2),
    lever: at.gap > 0 ? at.lever + Math.hypot(...joint.origin.xyz) + stroke(joint) : 0,
    depth: at.depth,
    other: at.other,
    step,
    before: at.before,
    together: true,
  };
}

/** The pose [12] of a joint's child in the joint's frame at q, which is rad or m by its type. */
export function jointMotion(joint: Pick<UrdfJoint, "axis" | "type">, q: number): Float64Array {
  const [x, y, z] = joint.axis;
  if (joint.type === "prismatic") return Float64Array.of(1, 0, 0, q * x, 0, 1, 0, q * y, 0, 0, 1, q * z);
  return transformFromAxisAngle(x, y, z, q);
}

/** The value nearest 0 that a joint may take. */
export function restValue(joint: UrdfJoint): number {
  return joint.type === "continuous" || joint.limit === undefined
    ? 0
    : Math.min(Math.max(0, joint.limit.lower), joint.limit.upper);
}

function sweeps(joint: UrdfJoint): boolean {
  return joint.type === "revolute" || joint.type === "continuous" || joint.type === "prismatic";
}

const TURNS = [9, 5]; // values of a turning joint by its depth; 3 below

/** The rest value, then evenly spaced ones over the range; fewer the more joints lie above, as the poses multiply. */
function sweep(joint: UrdfJoint, depth: number): number[] {
  if (!sweeps(joint)) return [0];
  const [lo, hi] =
    joint.type === "continuous" ? [-Math.PI, Math.PI] : [joint.limit?.lower ?? 0, joint.limit?.upper ?? 0];
  const n = joint.type === "prismatic" ? 2 : (TURNS[depth] ?? 3);
  return [restValue(joint), ...Array.from({ length: n }, (_, i) => lo + ((hi - lo) * i) / (n - 1))];
}

function stroke(joint: UrdfJoint): number {
  return joint.type === "prismatic" && joint.limit !== undefined
    ? Math.max(Math.abs(joint.limit.lower), Math.abs(joint.limit.upper))
    : 0;
}
