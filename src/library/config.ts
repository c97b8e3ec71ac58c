/**
 * `telos/config`: robots, scenes and agents from their YAML files, checked, in SI units.
 *
 * ```ts
 * const { camera } = loadSceneConfig("wall"); // a name in config/scenes, or the path of a YAML file
 * ```
 * Run: examples/03_your_arm
 */
export { ConfigError, type Problem } from "../config/ConfigError.js";
export { configNames, type ConfigKind } from "../config/resolveConfig.js";
export { loadAgentConfig, type AgentConfig } from "../agent/setup/AgentConfig.js";
export { loadRobotConfig, type RobotConfig } from "../config/RobotConfig.js";
export { loadSceneConfig, type SceneConfig } from "../config/SceneConfig.js";
