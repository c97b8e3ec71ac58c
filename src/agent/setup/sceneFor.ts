import {
  boundingShape,
  loadConfig,
  loadRobotConfig,
  partsOf,
  parseScene,
  requireStartUnits,
  type SceneConfig,
} from "../../config/index.js";
import { capsuleDistance } from "../../core/geometry/capsuleDistance.js";
import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import { Rng } from "../../core/math/Rng.js";
import { Kinematics, type Arm } from "../../kinematics/index.js";
import { drawNearest } from "../../kinematics/pairs/drawNearest.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

const ROOMS = [0.03, 0.02, 0.0105],
  // m, room about the links where another arm begins: as much as there is, and little for a link that turns just above
  // the table
  SELF_ROOM = 0.01;

/**
 * A scene with another arm than its own. The scene's `start` does not apply to that arm: it begins at its home, or, if
 * home is inside what stands there, at the nearest sampled posture that is clear of it (none found: at home). The
 * scene's own arm begins at the scene's `start`, else at home, wherever that is: the author of both shall get the
 * error.
 *
 * @param robot the name in the robot's file
 */
export function sceneFor(scene: SceneConfig, robot: string, arm: Arm): SceneConfig {
  if (loadRobotConfig(scene.robot).name === robot) return scene;
  const { start: _, ...random } = scene.random;
  return { ...scene, random, start: Array.from(clearOf(scene, arm)) };
}

/**
 * A scene by name or path, with the arm in it.
 * @throws ConfigError, also for a `start` that does not fit the scene's own arm
 */
export function loadSceneFor(nameOrPath: string, robot: string, arm: Arm): SceneConfig {
  return sceneFor(requireStart(nameOrPath, robot, arm), robot, arm);
}

/**
 * Checks a scene's `start` against its own arm: one value per joint, angles for joints that turn, lengths for joints
 * that slide.
 * @returns the scene, unchanged
 * @throws ConfigError at the value
 */
export function requireStart(nameOrPath: string, robot: string, arm: Arm): SceneConfig {
  const document = loadConfig("scenes", nameOrPath),
    scene = parseScene(document);
  if (loadRobotConfig(scene.robot).name === robot) requireStartUnits(document, arm.jointNames, slidesOf(arm));
  return scene;
}

function clearOf({ fixed }: SceneConfig, arm: Arm): Float64Array {
  const { capsules, selfPairs, home, limits } = arm,
    kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * capsules.length);
  const shapes = [
    ...fixed
      .flatMap(partsOf)
      .map((f) => ({ solid: new PreparedShape(boundingShape(f)), spared: [] as readonly number[] })),
    ...(arm.world ?? []).map(({ shape, spared }) => ({ solid: new PreparedShape(shape), spared })),
  ];
  const clear = (q: Float64Array, room: number): boolean => {
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    for (const { solid, spared } of shapes)
      for (let c = 0; c < capsules.length; c++)
        if (capsules[c].link > 0 && !spared.includes(c) && !(solid.distance(ends, 6 * c, capsules[c].radius) >= room))
          return false;
    for (let p = 0; p < selfPairs.length; p += 2) {
      const a = selfPairs[p],
        b = selfPairs[p + 1];
      if (!(capsuleDistance(ends, 6 * a, capsules[a].radius, ends, 6 * b, capsules[b].radius) >= SELF_ROOM))
        return false;
    }
    return true;
  };
  if (clear(home, ROOMS.at(-1)!)) return home;
  for (const room of ROOMS) {
    const found = drawNearest(limits, home, (q) => clear(q, room), new Rng(1));
    if (found !== undefined) return found;
  }
  return home;
}
