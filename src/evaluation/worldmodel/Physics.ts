import type { Rollouts } from "../../core/Rollouts.js";

/** True dynamics of the objects around the arm, for many rollouts from the same moment. */
export interface Physics {
  /**
   * Sets the state from which every rollout begins: the world as it is now. The objects [no,3] m are where they are, or
   * where they are believed to be.
   */
  begin(objects?: Float64Array): void;
  /** Fills r.objects [k,·,no,3] for the joint path of rollout k. */
  roll(r: Rollouts, k: number): void;
}
