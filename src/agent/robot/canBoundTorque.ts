import type { Arm } from "../../kinematics/Arm.js";

/**
 * The joints whose torque can be bounded: those with an effort, and with mass behind them.
 * @param load kg at the tool
 */
export function canBoundTorque({ nq, limits, inertias }: Arm, load = 0): readonly boolean[] {
  return Array.from(
    { length: nq },
    (_, j) => limits.effort[j] < Infinity && inertias.slice(j).reduce((sum, link) => sum + link.mass, load) > 0,
  );
}
