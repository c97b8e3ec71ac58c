import type { BodyRegion } from "../../config/index.js";

/** What a body region bears (ISO/TS 15066:2016, tables A.2 and A.3). */
export interface Bearable {
  readonly force: number; // F_s, N, quasi-static
  readonly stiffness: number; // k, N/m
  readonly mass: number; // m_H, kg
  readonly transient: number; // F_T / F_s; 0 if no transient contact is allowed
}

/** By region. */
export const bearable: Readonly<Record<BodyRegion, Bearable>> = {
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
