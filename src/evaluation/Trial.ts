import type { Seconds } from "../core/Seconds.js";

/** One goal tried. */
export interface Trial {
  readonly scene: string;
  readonly success: boolean; // within tolerance for the hold time, before the time-out
  readonly why: string; // where not
  readonly time: Seconds; // simulated, from the goal's acceptance until it holds for good
  readonly from: readonly number[]; // rad
  readonly to: readonly number[]; // rad, where the arm came to rest
  readonly task: string; // YAML
  readonly violations: readonly string[]; // limits broken, contacts
}
