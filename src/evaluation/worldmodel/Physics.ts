import type { Rollouts } from "../../core/Rollouts.js";

/** True dynamics of the things around the arm, to be rolled out again and again from one moment. */
export interface Physics {
  /**
   * From here every rollout begins: the world as it is now, its objects where they are or where they are believed to
   * be, [no,3] m.
   */
  begin(objects?: Float64Array): void;
  /** Fills r.objects [k,·,no,3] for the joint path of rollout k. */
  roll(r: Rollouts, k: number): void;
}
