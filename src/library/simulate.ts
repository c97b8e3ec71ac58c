import { readFileSync } from "node:fs";
import { armOfRobot } from "../agent/robot/armOfRobot.js";
import { loadSceneFor } from "../agent/setup/sceneFor.js";
import { loadRobotConfig, loadSceneConfig } from "../config/index.js";
import { SimRobot } from "../sim/physics/SimRobot.js";
import { Simulation } from "../sim/physics/Simulation.js";
import type { SensorOptions } from "../sim/sensors/Sensors.js";

/** Options of `simulate`. */
export interface SimulationChoice {
  readonly robot?: string; // a name in config/robots, or the path of a YAML file; default: the scene's
  readonly seed?: number; // of the scene's random draws; default: 1
  readonly sensors?: SensorOptions; // noise and delay; default: none
}

/**
 * A scene in the simulator, with an arm in it. Time passes only in `advance`.
 * @param scene a name in config/scenes, or the path of a YAML file
 * @throws ConfigError, UrdfError
 */
export async function simulate(scene: string, { robot, seed = 1, sensors }: SimulationChoice = {}): Promise<SimRobot> {
  const name = robot ?? loadSceneConfig(scene).robot,
    config = loadRobotConfig(name);
  if (config.urdf === undefined) throw new Error(`robot ${config.name}: got no urdf, want the file that describes it`);
  const { urdf, arm } = armOfRobot(name, config, readFileSync(config.urdf, "utf8"));
  const placed = loadSceneFor(scene, config.name, arm);
  return new SimRobot(await Simulation.create({ urdf, arm, scene: placed, seed }), sensors);
}
