/** Measurements of joints that are not the arm's, such as its hand's, in any order. */
export interface OtherJoints {
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>; // rad (m if prismatic)
  readonly velocities: ArrayLike<number>; // rad/s; may be empty; NaN: not given
  readonly efforts?: ArrayLike<number>; // N·m (N if prismatic); absent or empty, or NaN: not given
}
