export { ConfigError } from "./ConfigError.js";
export type { Problem } from "./ConfigError.js";
export { YamlDocument, formatPath, printable } from "./YamlDocument.js";
export { extended, loadConfig } from "./loadConfig.js";
export { loadYaml, parseYaml } from "./loadYaml.js";
export { parseConfig, describeIssue, shown } from "./parseConfig.js";
export { didYouMean } from "./didYouMean.js";
export { adopt, byForm, isMap } from "./byForm.js";
export { oneKey } from "./oneKey.js";
export type { OneOf } from "./oneKey.js";
export { formOf, setForm } from "./forms.js";
export type { Form } from "./forms.js";
export {
  acceleration,
  angle,
  angularAcceleration,
  angularJerk,
  angularSpeed,
  duration,
  energy,
  force,
  jointPosition,
  length,
  mass,
  quantity,
  ratio,
  speed,
  torque,
  toSI,
  vec3,
} from "./quantity.js";
export type { Range } from "./quantity.js";
export { DIMENSIONLESS, parseUnit, sameDimension, unitOf, unitText } from "./unit.js";
export type { Dimension } from "./unit.js";
export {
  dimensionOf,
  jointDimension,
  misfitOfAll,
  requireHandUnits,
  requireJointUnits,
  requireStartUnits,
} from "./requireJointUnits.js";
export { everyAcceleration, everyJerk, everyPosition, everySpeed, ofJoints, withPreset } from "./perKind.js";
export type { PerKind, SaidPerKind } from "./perKind.js";
export { orientation, quatFromRpy, rotate } from "./orientation.js";
export { bodyRegions } from "./bodyRegions.js";
export type { BodyRegion } from "./bodyRegions.js";
export { HAND_INTERFACES } from "./gripperSchema.js";
export type { GripperConfig } from "./gripperSchema.js";
export { boundSchemas, contactCap, robotBounds } from "./guardrailSchemas.js";
export { handSchemas } from "./handSchemas.js";
export type { AvoidConfig, NamedShape, SupportConfig } from "./handSchemas.js";
export { boundingBall, boundingShape, geometry, moved, shapes, solids } from "./geometry.js";
export type { Geometry, Solid } from "./geometry.js";
export { isBelow, wantBelow } from "./isBelow.js";
export { configNames, namesFile, packageRoot, resolveConfig } from "./resolveConfig.js";
export type { ConfigKind } from "./resolveConfig.js";
export { CONTROLLERS, loadRobotConfig, parseRobot, robotSchema } from "./RobotConfig.js";
export type { RobotConfig } from "./RobotConfig.js";
export { loadSceneConfig, parseScene, sceneCameras, sceneSchema } from "./SceneConfig.js";
export { partsOf } from "./hollow.js";
export { thingOf } from "./thingOf.js";
export type { CameraConfig, FixedObject, SceneBody, SceneConfig, SceneObject } from "./SceneConfig.js";
export { drawScene } from "./random.js";
export { toolSchema } from "./toolSchema.js";
export { collectSchema, loadCollectConfig, parseCollect } from "./CollectConfig.js";
export type { CollectConfig, ExplorerConfig, SlipConfig } from "./CollectConfig.js";
