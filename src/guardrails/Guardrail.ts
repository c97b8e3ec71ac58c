import type { Rollouts } from "../core/Rollouts.js";

/**
 * What must never happen. `margin` is the worst over each path, in `unit`; a path is safe iff it is ≥ 0 (so NaN is
 * unsafe, and one NaN anywhere along a path makes its margin NaN). Of more than `enough` metres anything from `enough`
 * up may be told instead, which spares most distances; absent: nothing is spared. Pure and whole-batch: the same
 * function bounds the search's rollouts and evaluates the command at the safety filter.
 */
export interface Guardrail {
  readonly name: string;
  readonly unit: "m" | "rad" | "Nm" | "N" | "Nm or N";
  /**
   * Whether an arm that begins in violation may leave it by motions that only fix it; else it stays at rest (people:
   * to stop is right).
   */
  readonly escapable: boolean;
  /** Its margin may fall without the arm's doing (people move): where it objects the arm brakes as soon as can be. */
  readonly urgent?: boolean;
  /** Standing still breaks it nowhere, so who looks at postures alone need not ask. */
  readonly standsAnywhere?: boolean;
  margin(r: Rollouts, out: Float64Array, K: number, enough?: number): void;
  /**
   * Where more than one thing is kept apart: each by itself (a link and a shape, a link and a wall, two links), of
   * which `margin` is the least.
   */
  parts?(): readonly Guardrail[];
}
