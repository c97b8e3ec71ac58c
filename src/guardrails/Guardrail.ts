import type { Rollouts } from "../core/Rollouts.js";

/**
 * What must never happen. `margin` is the worst over each path, in `unit`; a path is safe if and only if it is ≥ 0. NaN
 * is unsafe, and one NaN anywhere along a path makes its margin NaN. If the margin is more than `enough` metres, any
 * value from `enough` up may be returned, which saves most distance computations; absent: it is exact. Pure, for a
 * whole batch: the same function bounds the search's rollouts and the safety filter's command.
 */
export interface Guardrail {
  readonly name: string;
  readonly unit: "m" | "rad" | "Nm" | "N" | "Nm or N";
  /**
   * Whether an arm that begins in violation may leave it by recovery; if not, it stays at rest (people: to stop is
   * right).
   */
  readonly escapable: boolean;
  /**
   * Its margin may fall although the arm does nothing (people move): if it objects, the arm brakes as soon as possible.
   */
  readonly urgent?: boolean;
  /** Standing still violates it nowhere, so a check of postures alone can skip it. */
  readonly standsAnywhere?: boolean;
  margin(r: Rollouts, out: Float64Array, K: number, enough?: number): void;
  /**
   * If it keeps several things apart: each pair by itself (a link and a shape, a link and a wall, two links); `margin`
   * is the least of them.
   */
  parts?(): readonly Guardrail[];
}
