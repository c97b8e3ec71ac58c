export { lookAt, project } from "./render/Camera.js";
export type { Camera } from "./render/Camera.js";
export type { SdfControl } from "./export/armSdf.js";
export { buildSdf } from "./export/buildSdf.js";
export { buildMjcf, TIME_STEP } from "./physics/buildMjcf.js";
export type { Contact } from "./physics/Contact.js";
export type { Pose } from "./physics/Disturbances.js";
export { encodePng } from "./render/encodePng.js";
export { JointTrajectoryController } from "./physics/JointTrajectoryController.js";
export type {
  JointTrajectoryOptions,
  TrajectoryMessage,
  TrajectoryPoint,
} from "./physics/JointTrajectoryController.js";
export type { Perturbation } from "./physics/Perturbation.js";
export { Renderer, studio } from "./render/Renderer.js";
export type { Backdrop, Lighting } from "./render/Renderer.js";
export { SceneCamera } from "./render/SceneCamera.js";
export type { SensorFault } from "./sensors/SensorChannel.js";
export { Sensors } from "./sensors/Sensors.js";
export type { ObjectReading, Reading, SensorOptions } from "./sensors/Sensors.js";
export { SimRobot } from "./physics/SimRobot.js";
export { Simulation } from "./physics/Simulation.js";
export type { Moment, ObjectPose, SimulationSetup } from "./physics/Simulation.js";
export { SimulationThread } from "./thread/SimulationThread.js";
export { Slips } from "./physics/Slips.js";
