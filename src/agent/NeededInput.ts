import type { Seconds } from "../core/Seconds.js";

/** An input that the arm may not move without. */
export interface NeededInput {
  readonly name: string; // its topic
  readonly age: Seconds; // now; Infinity: it never came
  readonly most: Seconds;
}
