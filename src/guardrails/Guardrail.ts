import type { Rollouts } from "../core/Rollouts.js";

/**
 * What must never happen. `margin` is the worst over each path, in `unit`; a path is safe iff it is ≥ 0 (so NaN is unsafe).
 * Pure and whole-batch: the same function bounds the search's rollouts and judges the command at the gate.
 */
export interface Guardrail {
  readonly name: string;
  readonly unit: "m" | "rad";
  margin(r: Rollouts, out: Float64Array, K: number): void;
}
