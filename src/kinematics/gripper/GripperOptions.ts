import type { Quat, Vec3 } from "../../core/geometry/Shape.js";

/** What a URDF does not tell of a hand with two pads. Lengths in m. */
export interface GripperOptions {
  readonly joints: readonly string[]; // that its controller drives
  readonly open: number; // m, between the pads
  readonly closed: number;
  // values of `joints`, rad (m if prismatic); default: the ends of their limits at which the pads part by `open`
  readonly at: { readonly open?: readonly number[]; readonly closed?: readonly number[] };
  readonly force: number; // N, greatest between the pads
  readonly speed: number; // m/s, greatest of the aperture
  readonly pads: {
    readonly links?: readonly string[]; // that carry them; default: the last link of each finger
    readonly position: Vec3; // of the middle between them when closed, in the tool's frame
    readonly orientation: Quat; // they close along y, z points out of the hand
    readonly size: readonly [width: number, length: number]; // along x and z
    readonly finger: number; // outwards from a pad's face
    readonly depth: number; // from the pads' middle back to the palm
  };
}
