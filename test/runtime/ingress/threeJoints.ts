import { JointIngress } from "../../../src/runtime/ingress/JointIngress.js";

/** Three joints that turn; rad. */
export const names = ["a", "b", "c"];
export const limits = {
  lo: Float64Array.of(-3, -3, -3),
  hi: Float64Array.of(3, 3, 3),
  velocity: Float64Array.of(1, 2, 3),
  acceleration: Float64Array.of(8, 8, 8),
  effort: Float64Array.of(1, 1, 1),
};
export const ingress = (): JointIngress =>
  new JointIngress(names, limits, 0.05, { lo: limits.lo, hi: limits.hi, margin: 0.1, endless: [false, false, false] });
/** A message of joint states: stamp in s, positions in rad, velocities in rad/s. */
export const sample = (
  stamp: number,
  positions: ArrayLike<number> = [0, 0, 0],
  velocities: ArrayLike<number> = [0, 0, 0],
  n: readonly string[] = names,
): Parameters<JointIngress["take"]>[0] => ({ stamp, names: n, positions, velocities });
