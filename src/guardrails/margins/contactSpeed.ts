import type { BodyRegion } from "../../config/index.js";
import { bearable } from "./bearable.js";

/**
 * The greatest speed of a contact, m/s. Its energy ½μv² goes into a spring k, F = v√(μk), so
 *
 *     v_max = F / √(μk),   1/μ = 1/m_H + 1/m_R
 *
 * @param mass m_R, kg, of the robot: half its moving parts and its load
 * @source ISO/TS 15066:2016, A.3.4, equations A.4–A.6
 */
export function contactSpeed(force: number, stiffness: number, mass: number, other: number): number {
  const mu = other === Infinity ? mass : 1 / (1 / mass + 1 / other);
  return force / Math.sqrt(mu * stiffness);
}

/** The same for a body region: 0 if it may not be touched in motion. */
export function regionSpeed(region: BodyRegion, mass: number): number {
  const { force, stiffness, mass: other, transient } = bearable[region];
  return contactSpeed(transient * force, stiffness, mass, other);
}
