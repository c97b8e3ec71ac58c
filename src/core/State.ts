import type { Seconds } from "./Seconds.js";
import type { Belief } from "./Belief.js";
import type { Body } from "./Body.js";
import type { HandState } from "./Hand.js";
import type { Held } from "./Held.js";
import type { Thing } from "./Thing.js";

/** The estimated state of the world: the arm exactly, the rest as believed. */
export interface State {
  readonly stamp: Seconds;
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  // [nq] rad, measured joints less commanded ones, if the level plans with it; q is then the commanded position
  readonly deviation?: Float64Array;
  // of a learned world model: the newest image's latent [dim], and the joints [nq] rad when it was taken
  readonly percept?: { readonly z: Float32Array; readonly q: Float64Array };
  readonly objects: ReadonlyMap<string, Belief>;
  readonly bodies: readonly Body[];
  readonly hand?: HandState; // of a robot with a gripper, once its joint states have come
  readonly held?: Held;
  readonly things?: ReadonlyMap<string, Thing>; // shapes of movable things, as far as they are known
}
