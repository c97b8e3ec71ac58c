import type { Seconds } from "../Seconds.js";

/** The agent's clock. Injected everywhere: nothing in the logic reads the time by itself. */
export interface Clock {
  now(): Seconds;
}
