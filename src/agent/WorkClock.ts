import type { Clock } from "../core/time/Clock.js";
import type { Seconds } from "../core/Seconds.js";

// between two looks lies a descent, a tree's node or an iteration: about that much on the machines that
// docs/experiments/bench.md names
const LOOK: Seconds = 1e-3;

/**
 * Time that passes by work done: a search looks at the clock between pieces of work, and every look takes it on by as
 * much as such a piece takes. So a deadline bounds a search as it does in the running agent, and yet the same seed
 * gives the same plan on every machine.
 */
export class WorkClock implements Clock {
  private looks = 0;

  constructor(private readonly begun: Seconds) {}

  now(): Seconds {
    return this.begun + LOOK * this.looks++;
  }
}
