import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import type { JointTrajectoryOptions } from "./JointTrajectoryController.js";

/** The parts of a simulation. */
export interface SimulationSetup {
  readonly urdf: Urdf;
  readonly arm: Arm;
  readonly scene: SceneConfig; // as configured: drawn for every seed
  readonly seed: number;
  readonly controller?: JointTrajectoryOptions;
  // default: no; resting objects are not computed until they are touched: faster with many objects, without their creep
  // of micrometres
  readonly sleep?: boolean;
  // default: noted for `takeContacts`; without, `touching` still counts, and steps in contact are several times faster
  readonly contacts?: boolean;
}
