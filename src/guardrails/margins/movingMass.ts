import type { Arm } from "../../kinematics/Arm.js";

/** m_R of ISO/TS 15066, A.3.4: half the mass of the moving links, kg. */
export const movingMass = ({ inertias }: Arm): number => 0.5 * inertias.reduce((sum, link) => sum + link.mass, 0);
