import type { Seconds } from "../core/Seconds.js";

/** An input without which the arm may not move. */
export interface NeededInput {
  readonly name: string; // its topic
  readonly age: Seconds; // now; Infinity: it never came
  readonly most: Seconds;
}
