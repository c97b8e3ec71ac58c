import type { Body } from "./Body.js";
import type { Quat, Vec3 } from "./geometry/Shape.js";
import type { Seconds } from "./Seconds.js";
import type { Thing } from "./Thing.js";

/** A sensor's measurement. `stamp` is the time of the measurement, on the simulation's clock. */
export type Reading =
  | {
      readonly kind: "joints";
      readonly stamp: Seconds;
      readonly names: readonly string[];
      readonly q: Float64Array;
      readonly v: Float64Array;
      readonly effort: Float64Array;
    }
  | {
      readonly kind: "image";
      readonly stamp: Seconds;
      readonly camera: string;
      readonly width: number;
      readonly height: number;
      readonly f: number;
      readonly data: Uint8Array;
    }
  // [3] N, of the world on the arm, base frame
  | { readonly kind: "wrench"; readonly stamp: Seconds; readonly force: Float64Array }
  | { readonly kind: "bodies"; readonly stamp: Seconds; readonly bodies: readonly Body[] }
  // shapes: now and then; empty: nothing new
  | {
      readonly kind: "objects";
      readonly stamp: Seconds;
      readonly objects: readonly ObjectReading[];
      readonly shapes: readonly Thing[];
    };

export interface ObjectReading {
  readonly id: string;
  readonly position: Vec3; // m
  readonly orientation: Quat;
  readonly positionStd: number; // m
  readonly orientationStd: number; // rad
}
