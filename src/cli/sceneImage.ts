import { loadDescription } from "../agent/robot/loadDescription.js";
import { loadSceneFor } from "../agent/setup/sceneFor.js";
import { didYouMean, loadRobotConfig, loadSceneConfig, sceneCameras } from "../config/index.js";
import type { Image } from "../core/Observation.js";
import { SceneCamera, Simulation, type ObjectPose } from "../sim/index.js";

export interface SceneView {
  readonly scene: string; // a name in config/scenes, or a YAML file
  readonly robot?: string; // default: the scene's
  readonly seed: number;
  readonly camera: string;
  readonly start?: readonly number[]; // rad
  // m: other places on the table for some objects, by id
  readonly places?: ReadonlyMap<string, readonly [number, number]>;
}

/**
 * The image of a scene's camera before anything has moved.
 * @throws ConfigError, or Error if the scene has no such camera or object
 */
export async function sceneImage({
  scene: name,
  robot: other,
  seed,
  camera,
  start,
  places = new Map(),
}: SceneView): Promise<Image> {
  const scene = loadSceneConfig(name);
  const cameras = sceneCameras(scene);
  const config = cameras[camera];
  if (config === undefined)
    throw new Error(
      `camera: got '${camera}'${didYouMean(camera, Object.keys(cameras))}, want one of scene ${scene.name}: ` +
        `${Object.keys(cameras).join(", ") || "(it has none)"}`,
    );
  const robot = loadRobotConfig(other ?? scene.robot);
  const { urdf, arm } = loadDescription(other ?? scene.robot, robot);
  const simulation = await Simulation.create({
    urdf,
    arm,
    scene: start === undefined ? loadSceneFor(name, robot.name, arm) : { ...scene, start: [...start] },
    seed,
  });
  const ids = simulation.scene.objects.map((o) => o.id);
  const poses = [...places].map(([id, [x, y]]): ObjectPose => {
    const object = simulation.scene.objects.find((o) => o.id === id);
    if (object === undefined)
      throw new Error(
        `object: got '${id}'${didYouMean(id, ids)}, want one of scene ${scene.name}: ` +
          `${ids.join(", ") || "(it has none)"}`,
      );
    return { id, position: [x, y, object.position[2]], orientation: object.orientation };
  });
  simulation.reset({ poses });
  const data = new SceneCamera(camera, config).shoot(simulation);
  simulation.dispose();
  return { stamp: 0, width: config.width, height: config.height, data };
}
