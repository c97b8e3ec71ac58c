import type { Arm } from "../kinematics/Arm.js";
import { InverseDynamics } from "../kinematics/InverseDynamics.js";

const OMEGA = 30; // rad/s: bandwidth; with steps of 2 ms a joint whose own inertia is a sixteenth of what it carries is still damped, not shaken

/**
 * Gains of a servo for each joint alone, critically damped for the inertia M_jj that the joint has at `q` [nq]:  kp = ω²·M_jj,  kd = 2ω·M_jj  (N·m/rad, N·m·s/rad).
 * M_jj is the torque that accelerates joint j by 1 rad/s² with all others held, without gravity.
 */
export function servoGains(arm: Arm, q: ArrayLike<number>): { readonly kp: Float64Array; readonly kd: Float64Array } {
  const dynamics = new InverseDynamics(arm, [0, 0, 0]);
  const at = Float64Array.from(q), rest = new Float64Array(arm.nq);
  const inertia = at.map((_, j) => dynamics.compute(at, rest, rest.map((_, k) => (k === j ? 1 : 0)), 0)[j]);
  return { kp: inertia.map((m) => OMEGA * OMEGA * m), kd: inertia.map((m) => 2 * OMEGA * m) };
}
