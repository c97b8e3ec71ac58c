import type { Vec3 } from "../core/Shape.js";

/** What an explorer may look at. */
export interface ExplorerView {
  readonly tool: Vec3; // m, base frame
  readonly objects: readonly { readonly id: string; readonly position: Vec3 }[];
}

/** A behaviour that collects experience: one for each episode, so that what it remembers ends with it. */
export interface Explorer {
  /** What the episode is about, for its metadata. */
  readonly purpose: string;
  /** Fills the action for the next model step, a[nu] in [−1,1]. */
  act(a: Float32Array, view: ExplorerView): void | Promise<void>;
}
