export type { Arm, JointKind, LinkCapsule, LinkInertia } from "./Arm.js";
export type { ArmOptions, CapsuleSpec, JointOverride } from "./ArmOptions.js";
export { armFromUrdf } from "./armFromUrdf.js";
export { InverseDynamics } from "./InverseDynamics.js";
export { Kinematics } from "./Kinematics.js";
export { Posture } from "./Posture.js";
export { parseUrdf } from "./parseUrdf.js";
export type { Urdf } from "./Urdf.js";
export { UrdfError } from "./UrdfError.js";
