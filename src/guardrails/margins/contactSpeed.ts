import type { BodyRegion } from "../../config/index.js";

/** Limits of a body region (ISO/TS 15066:2016, tables A.2 and A.3). */
interface Bearable {
  readonly force: number; // F_s, N, quasi-static
  readonly stiffness: number; // k, N/m
  readonly mass: number; // m_H, kg
  readonly transient: number; // F_T / F_s; 0 if no transient contact is allowed
}

const regions: Readonly<Record<BodyRegion, Bearable>> = {
  hand: { force: 140, stiffness: 75e3, mass: 0.6, transient: 2 },
  forearm: { force: 160, stiffness: 40e3, mass: 2, transient: 2 },
  upper_arm: { force: 150, stiffness: 30e3, mass: 3, transient: 2 },
  chest: { force: 140, stiffness: 25e3, mass: 40, transient: 2 },
  abdomen: { force: 110, stiffness: 10e3, mass: 40, transient: 2 },
  pelvis: { force: 180, stiffness: 25e3, mass: 40, transient: 2 },
  back: { force: 210, stiffness: 35e3, mass: 40, transient: 2 },
  skull: { force: 130, stiffness: 150e3, mass: 4.4, transient: 0 },
  face: { force: 65, stiffness: 75e3, mass: 4.4, transient: 0 },
};

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
  const { force, stiffness, mass: other, transient } = regions[region];
  return contactSpeed(transient * force, stiffness, mass, other);
}
