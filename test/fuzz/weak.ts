import type { Arm } from "../../src/kinematics/Arm.js";
import { arm } from "../guardrails/setups.js";

/**
 * The shipped arms with so much effort that they can stand with the load, and not move as fast as they would: what they
 * need at most, to stand and to move, without it.
 */
const MOST: readonly (readonly [name: "arm7" | "ur5" | "so101", load: number, effort: readonly number[]])[] = [
  ["arm7", 1.5, [25, 80, 32, 32, 5, 5, 2]],
  ["ur5", 3, [30, 100, 45, 8, 6, 2]],
  ["so101", 0.1, [0.4, 1.4, 0.8, 0.3, 0.05]],
];

export const weak = (): { readonly name: string; readonly of: Arm; readonly load: number }[] =>
  MOST.map(([name, load, effort]) => {
    const of = arm(name);
    return { name, load, of: { ...of, limits: { ...of.limits, effort: Float64Array.from(effort) } } };
  });
