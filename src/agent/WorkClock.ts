import type { Clock } from "../core/time/Clock.js";
import type { Seconds } from "../core/Seconds.js";

// one piece of work is a descent, a tree's node or an iteration: about that long on the machines that
// docs/experiments/bench.md names
const LOOK: Seconds = 1e-3;

/**
 * Time that passes by work done. A search reads the clock between pieces of work, and every reading advances it by the
 * duration of such a piece. So a deadline bounds a search as in the running agent, and yet the same seed gives the same
 * plan on every machine.
 */
export class WorkClock implements Clock {
  private looks = 0;

  constructor(private readonly begun: Seconds) {}

  now(): Seconds {
    return this.begun + LOOK * this.looks++;
  }
}
