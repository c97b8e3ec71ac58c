import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import type { JointTrajectoryOptions } from "./JointTrajectoryController.js";

/** What a simulation is of. */
export interface SimulationSetup {
  readonly urdf: Urdf;
  readonly arm: Arm;
  readonly scene: SceneConfig; // as configured: drawn anew for every seed
  readonly seed: number;
  readonly controller?: JointTrajectoryOptions;
  // default: no; what lies still is not computed until it is touched: faster where much lies about, and its creep of
  // micrometres is lost
  readonly sleep?: boolean;
  // default: noted for `takeContacts`; without, `touching` still counts, and steps in contact are several times faster
  readonly contacts?: boolean;
}
