import { capsuleDistance } from "../../core/geometry/capsuleDistance.js";
import type { Arm } from "../Arm.js";
import { Kinematics } from "../Kinematics.js";

/** The pair of an arm's capsules that comes nearest to each other in some postures. */
export interface SelfPair {
  readonly a: string;
  readonly b: string;
  readonly distance: number; // m, negative where they overlap
}

/** Of the pairs that must stay apart, the nearest over the postures q [n,nq]; undefined of none. */
export function nearestSelfPair(arm: Arm, q: Float64Array): SelfPair | undefined {
  const { capsules, selfPairs, nq } = arm,
    kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * capsules.length);
  let nearest: SelfPair | undefined;
  for (let i = 0; i + nq <= q.length; i += nq) {
    kinematics.forward(q, i);
    kinematics.writeCapsules(ends, 0);
    for (let p = 0; p < selfPairs.length; p += 2) {
      const [a, b] = [selfPairs[p], selfPairs[p + 1]];
      const distance = capsuleDistance(ends, 6 * a, capsules[a].radius, ends, 6 * b, capsules[b].radius);
      if (!(distance >= (nearest?.distance ?? Infinity)))
        nearest = { a: capsules[a].name, b: capsules[b].name, distance };
    }
  }
  return nearest;
}

/**
 * "; LINK and LINK come within −3.2 mm, want 5 mm" if links of a plan's postures [n,nq] are nearer than `clearance` (m)
 * to each other, or if self-collision forbids the plan (`blocked`: the motion between its knots takes room too), else
 * "". For the message that there is no plan.
 */
export function tellSelfPair(arm: Arm, q: Float64Array, clearance: number, blocked = false): string {
  const pair = nearestSelfPair(arm, q);
  if (pair === undefined || (!blocked && pair.distance >= clearance)) return "";
  return (
    `; ${pair.a} and ${pair.b} come within ${(1000 * pair.distance).toFixed(1)} mm of each other, want ` +
    `${(1000 * clearance).toFixed(1)} mm${pair.distance < clearance ? "" : " and room for their motion"}`
  );
}
