import type { Rollouts } from "../../core/Rollouts.js";

/** Fills tool poses and enclosing capsules of a path from its joint knots (`kinematics/Sweep`). */
export interface PathSweep {
  readonly nc: number;
  // [nq] rad (m if prismatic), by which joints may be off; links are thicker by the motion that this makes
  readonly error?: Float64Array;
  fill(r: Rollouts, K?: number): void;
}
