import type { Seconds } from "./Seconds.js";

/**
 * A command to the arm: a trajectory that starts at `stamp` in the state last commanded, takes one step, and then
 * brakes to rest on a verified path. Knots are joined by cubic Hermite, which reproduces constant-acceleration segments
 * exactly.
 */
export interface Command {
  readonly stamp: Seconds; // time of knot 0
  readonly dt: Seconds; // between knots
  readonly N: number; // knots
  readonly nq: number;
  readonly q: Float64Array; // [N,nq] rad
  readonly v: Float64Array; // [N,nq] rad/s; the last row is zero
}
