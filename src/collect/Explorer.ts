import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { CollectConfig } from "../config/index.js";
import type { Seconds } from "../core/Seconds.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";

/** An object with its true position in the simulator. */
export interface Thing {
  readonly id: string;
  readonly position: Vec3; // m, base frame
}

/** Objects that may be pushed, seen from above: their radius and height, m. */
export interface Pushable {
  readonly radius: number;
  readonly top: number;
}

/** The input of an explorer: the world at a model step. */
export interface ExplorerView {
  readonly stamp: Seconds;
  readonly image: Uint8Array; // [height,width,3]
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  readonly tool: Vec3; // m, base frame
  readonly objects: readonly Thing[];
  readonly held?: string; // id of what the hand truly holds
}

/** A behaviour that collects experience. Each episode has its own, so that its memory ends with the episode. */
export interface Explorer {
  /** The purpose of the episode, for its metadata. */
  readonly purpose: string;
  /** Whether its actions displace the joints, not the tool. */
  readonly joints?: boolean;
  /** m: where the hand's pads shall be from this step on, as of the last `act`; undefined: as they are. */
  readonly aperture?: number;
  /** Start position of the tool, m. Called once, before all else. */
  start(objects: readonly Thing[]): Vec3;
  /** Fills the action for the next model step, a[nu] in [−1,1]. */
  act(a: Float32Array, view: ExplorerView): void | Promise<void>;
}

/** Makes the explorer of one episode. `rng` gives all its random numbers. */
export type MakeExplorer = (config: CollectConfig, things: Pushable, rng: Rng, setup: AgentSetup) => Explorer;
