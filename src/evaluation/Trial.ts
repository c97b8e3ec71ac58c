import type { Seconds } from "../core/Seconds.js";

/** The result of trying one goal. */
export interface Trial {
  readonly scene: string;
  readonly success: boolean; // within tolerance for the hold time, before the time-out
  readonly why: string; // the reason for a failure
  readonly time: Seconds; // simulated, from the goal's acceptance until it holds and keeps holding
  readonly from: readonly number[]; // rad
  readonly to: readonly number[]; // rad, where the arm came to rest
  readonly task: string; // YAML
  readonly violations: readonly string[]; // limits broken, contacts
}
