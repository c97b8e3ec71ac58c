/**
 * `telos/kinematics`: a serial arm of 5–7 joints as geometry, from its URDF.
 *
 * ```ts
 * const arm = armFromUrdf(parseUrdf(text), { tool: "tool0" });
 * const kinematics = new Kinematics(arm);
 * kinematics.forward(arm.home, 0); // kinematics.tool [12] is now the tool's pose, rows of 3×4, m
 * ```
 * Run: examples/03_your_arm
 */
export { armFromUrdf } from "../kinematics/urdf/armFromUrdf.js";
export { parseUrdf } from "../kinematics/urdf/parseUrdf.js";
export type { Urdf } from "../kinematics/urdf/Urdf.js";
export { UrdfError } from "../kinematics/urdf/UrdfError.js";
export type { Arm, LinkCapsule } from "../kinematics/Arm.js";
export type { ArmOptions } from "../kinematics/ArmOptions.js";
export { Kinematics } from "../kinematics/Kinematics.js";
export { InverseDynamics } from "../kinematics/InverseDynamics.js";
export { Sweep } from "../kinematics/Sweep.js";
