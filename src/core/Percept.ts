import type { Seconds } from "./Seconds.js";

/** One image understood: its latent, and what the learned model's read-outs make of it. Plain data. */
export interface Percept {
  readonly stamp: Seconds;
  readonly z: Float32Array; // [dim]
  readonly objects: readonly {
    readonly id: string;
    readonly position: readonly [number, number, number];
    readonly std: number;
  }[]; // m, base frame
  readonly tool: readonly [number, number, number]; // m, base frame
  readonly moves?: number; // how often the camera has been found to stand elsewhere than it was believed to
}
