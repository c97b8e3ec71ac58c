/** Bounds of n joints. Every array is [n]. */
export interface JointLimits {
  readonly lo: Float64Array; // rad
  readonly hi: Float64Array; // rad
  readonly velocity: Float64Array; // rad/s
  readonly acceleration: Float64Array; // rad/s²
  // rad/s³, Infinity of a joint that declares none; absent where none does: accelerations may jump
  readonly jerk?: Float64Array;
  readonly effort: Float64Array; // N·m
}
