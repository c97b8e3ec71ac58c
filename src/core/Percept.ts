import type { Seconds } from "./Seconds.js";

/** One encoded image: its latent, and the read-outs of the learned model. Plain data. */
export interface Percept {
  readonly stamp: Seconds;
  readonly z: Float32Array; // [dim]
  readonly objects: readonly {
    readonly id: string;
    readonly position: readonly [number, number, number];
    readonly std: number;
  }[]; // m, base frame
  readonly tool: readonly [number, number, number]; // m, base frame
  readonly moves?: number; // how often the estimate of the camera's pose has changed
}
