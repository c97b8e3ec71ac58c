import type { Rollouts } from "../../core/Rollouts.js";

/** Fills tool poses and enclosing capsules of a path from its joint knots (`kinematics/Sweep`). */
export interface PathSweep {
  readonly nc: number;
  // [nq] rad (m if prismatic), by which joints may be off; links are as much thicker as that can move them
  readonly error?: Float64Array;
  fill(r: Rollouts, K?: number): void;
}
