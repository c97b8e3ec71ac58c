import type { Seconds } from "./Seconds.js";

/** The belief about one object: its last known pose, and the time of that observation. */
export interface Belief {
  readonly id: string;
  readonly position: readonly [number, number, number]; // m, base frame
  readonly orientation: readonly [number, number, number, number]; // x, y, z, w
  readonly positionStd: number; // m
  readonly stamp: Seconds; // time of last observation
}
