/** Bounds of n joints. Every array is [n]. */
export interface JointLimits {
  readonly lo: Float64Array; // rad
  readonly hi: Float64Array; // rad
  readonly velocity: Float64Array; // rad/s
  readonly acceleration: Float64Array; // rad/s²
  // rad/s³, Infinity for a joint without a limit; absent if no joint has one: accelerations may jump
  readonly jerk?: Float64Array;
  readonly effort: Float64Array; // N·m
}
