import type { OtherJoints } from "./OtherJoints.js";
import type { Seconds } from "./Seconds.js";

/** One camera image: rows of 8-bit RGB, `data` [height, width, 3]. */
export interface Image {
  readonly stamp: Seconds;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The robot's measurements at one instant. Joints are in the arm's order. */
export interface Observation {
  readonly stamp: Seconds;
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  readonly others?: OtherJoints; // of a hand, in the same message
  readonly images: ReadonlyMap<string, Image>;
}
