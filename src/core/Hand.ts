import type { Seconds } from "./Seconds.js";

/** The hand as its joint states tell. */
export interface HandState {
  readonly stamp: Seconds;
  readonly aperture: number; // m, between the pads
  readonly speed: number; // m/s, of the aperture; opening is positive
  readonly force?: number; // N, between the pads, if its joint states tell efforts
}

/** A command to the hand: bring the pads to an aperture. It is apart from the arm's, and no stop changes it. */
export interface HandCommand {
  readonly stamp: Seconds;
  readonly aperture: number; // m
  readonly speed: number; // m/s, greatest
  readonly force: number; // N, greatest
}
