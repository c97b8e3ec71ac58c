import type { Rng } from "../core/math/Rng.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";

/** A world model: (state, actions) → predicted states. One interface for every level, analytic or learned. */
export interface Predictor {
  readonly nu: number; // numbers per action
  readonly dt: Seconds; // between actions
  readonly substeps: number; // kinematic knots per action
  // velocities of its paths are means, and their differences not accelerations; default: they are the arm's own
  readonly quasistatic?: boolean;
  readonly timed?: boolean; // its paths are valid only on their own time, for example if objects are pushed
  /**
   * Call before the predictions of one search: draws the random numbers, the same for all its rollouts, so that they
   * can be compared.
   */
  draw?(rng: Rng): void;
  /**
   * Fills r.q, r.v, r.tool, r.capsules, r.radius, r.exposure (and r.z, r.objects, r.spread where learned) of the first
   * K rollouts from r.a.
   */
  predict(from: State, r: Rollouts, K: number): void | Promise<void>;
  /**
   * The rollouts for the costs after `predict`: the same futures with the arm where it is expected to be. Absent: r
   * itself, with the arm where it is commanded to be.
   */
  expected?(r: Rollouts): Rollouts;
  /**
   * The inverse, for initial guesses: normalised actions that follow a joint path as closely as admissible ones can.
   * @param reference [H+1,nq] joint positions at each action step, rad
   * @param a [H,nu] out, from offset ia
   */
  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void;
}
