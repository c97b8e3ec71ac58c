import type { Seconds } from "../core/Seconds.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import type { ObjectPose } from "../sim/index.js";
import type { EpisodeWorld } from "./drawEpisode.js";

/** The world at a model step. */
export interface Frame {
  readonly stamp: Seconds;
  readonly image: Uint8Array; // [height,width,3]
  // [16,16] m along the view axis, Infinity without a hit; only if it is recorded
  readonly depth: Float32Array | undefined;
  readonly tool: Vec3; // m, base frame
  readonly objects: readonly ObjectPose[];
}

export interface JointSample {
  readonly stamp: Seconds;
  readonly names: readonly string[];
  readonly q: readonly number[]; // rad
  readonly v: readonly number[]; // rad/s
}

/** Commanded states during a model step, `dt` apart. */
export interface Sent {
  readonly stamp: Seconds; // of the first
  readonly dt: Seconds;
  readonly q: Float64Array[]; // each [nq] rad
  readonly v: Float64Array[]; // each [nq] rad/s
}

/** One episode: a frame at every model step and, between two frames, what was sent and measured. */
export interface Episode {
  readonly seed: number;
  readonly number: number;
  readonly purpose: string;
  readonly world: EpisodeWorld;
  readonly frames: readonly Frame[]; // [T+1]
  readonly joints: readonly JointSample[];
  readonly sent: readonly Sent[]; // [T]
  readonly contact: readonly boolean[]; // [T] whether the arm touched something in the step
  readonly limited: number; // reflex periods that the safety filter limited
  readonly stopped: number; // … that it stopped
  readonly trips: Readonly<Record<string, number>>; // by guardrail
  readonly end: string; // "complete", or the fault that ended it
}
