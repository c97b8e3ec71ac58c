/**
 * A hand with two pads, as geometry. Plain data. The frame of the pads lies midway between them: y is the direction in
 * which they close, z points out of the hand. Tables are over the aperture, ascending, linear in between.
 */
export interface Gripper {
  readonly jointNames: readonly string[]; // driven by its controller, in its order
  readonly apertures: Float64Array; // [n] m, from closed to open
  readonly joints: Float64Array; // [n, joints] rad (m if prismatic): the driven joints at these apertures
  readonly pads: Float64Array; // [n, 12] rows of the pads' 3×4 pose in the tool's frame at these apertures, m
  readonly padSize: readonly [width: number, length: number]; // m: of a pad along x and z
  readonly finger: number; // m: how far a finger reaches outwards from its pad's face, along y
  readonly depth: number; // m: from the pads' centre back to the palm, along −z
  readonly force: number; // N, greatest between the pads
  readonly speed: number; // m/s, greatest of the aperture
}
