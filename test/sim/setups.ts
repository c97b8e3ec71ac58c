import { readFileSync } from "node:fs";
import { parseScene } from "../../src/config/SceneConfig.js";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { loadRobotConfig, loadSceneConfig, parseYaml, type SceneConfig } from "../../src/config/index.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import type { SimulationSetup } from "../../src/sim/physics/SimulationSetup.js";

/** A set-up of arm7 in a scene of config/scenes. */
export function setupOf(scene: string | SceneConfig, seed = 1, robot = "arm7"): SimulationSetup {
  const config = loadRobotConfig(robot);
  const urdf = parseUrdf(readFileSync(config.urdf!, "utf8"));
  return {
    urdf,
    arm: armFromUrdf(urdf, armOptions(config)),
    scene: typeof scene === "string" ? loadSceneConfig(scene) : scene,
    seed,
  };
}

/** A scene written in place. */
export function sceneOf(text: string): SceneConfig {
  return parseScene(parseYaml(`name: test\n${text}`, "test.yaml"));
}
