import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { didYouMean } from "./didYouMean.js";
import { loadConfig } from "./loadConfig.js";
import { shapes, solids } from "./geometry.js";
import { hollows } from "./hollow.js";
import { oneKey } from "./oneKey.js";
import { orientation } from "./orientation.js";
import { parseConfig } from "./parseConfig.js";
import { angle, angularSpeed, duration, jointPosition, length, mass, ratio, speed, vec3 } from "./quantity.js";
import { checkRandom, randomSchema } from "./random.js";
import { configNames, namesFile } from "./resolveConfig.js";
import { printable, type YamlDocument } from "./YamlDocument.js";

const id = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/);
const point = vec3(length());
const colour = z.tuple([ratio(0, 1), ratio(0, 1), ratio(0, 1)]);

const { cup, bin, shelf } = hollows;
const fixed = oneKey(
  "a shape",
  { ...shapes, bin, shelf },
  {
    id: id.describe("its name"),
    colour: colour.optional().describe("red, green, blue"),
  },
);
const object = oneKey(
  "a shape",
  { ...solids, cup, bin },
  {
    id: id.describe("its name, which tasks refer to"),
    mass: mass().default(0.1).describe("mass of the object"),
    friction: ratio(0, 5).default(0.6).describe("coefficient of sliding friction"),
    position: point.describe("start position of its origin, in the arm's base frame"),
    orientation: orientation.default([0, 0, 0, 1]).describe("orientation at the start"),
    colour: colour.optional().describe("red, green, blue"),
  },
);
const body = z.strictObject({
  id: id.describe("its name"),
  kind: z.enum(["person", "object"]).default("object").describe("person or object; other guardrails apply to people"),
  capsules: z
    .array(
      z.strictObject({
        p0: point.describe("one end of its axis"),
        p1: point.describe("the other end"),
        radius: length({ above: 0 }).describe("radius around the axis"),
      }),
    )
    .min(1)
    .max(16)
    .describe("shape at the start"),
  path: z
    .array(
      z.strictObject({
        at: duration().describe("time since the start"),
        move: point.describe("displacement of the whole body at that time"),
      }),
    )
    .max(200)
    .default([])
    .describe("displacement of the whole body over time, linear in between; the last one holds"),
  speed_bound: speed({ min: 0 }).optional().describe("largest speed; default: the guardrails' bound for its kind"),
});
const camera = z.strictObject({
  position: point.describe("position of its lens, in the arm's base frame"),
  look_at: point.describe("point in the middle of its image"),
  fov: angle({ above: 0, max: 3 })
    .default((50 * Math.PI) / 180)
    .describe("vertical field of view"),
  width: z.int().min(8).max(1024).default(64).describe("size of its image, pixels"),
  height: z.int().min(8).max(1024).default(64).describe("size of its image, pixels"),
  rate: z.number().min(0.1).max(60).default(10).describe("images per second, Hz"),
});

/** The simulated servo: see `sim/ArmServo`. */
const servo = z.strictObject({
  bandwidth: angularSpeed({ above: 0, max: 80 }).default(80).describe("bandwidth of every joint"),
  delay: duration({ min: 0, max: 0.2 }).default(0).describe("delay from the controller's set-point to the servo's"),
  load: mass({ min: 0, max: 100 })
    .default(0)
    .describe("mass attached to the tool that the servo does not compensate; only its weight acts"),
});

/**
 * A scene: fixed geometry, objects and moving bodies around the arm. Shapes of `fixed` are in the base frame, those of
 * `objects` in the object's own.
 */
export const sceneSchema = z.strictObject({
  name: z.string().min(1).max(80).describe("name in messages"),
  robot: z
    .string()
    .min(1)
    .default("arm7")
    .describe("a name in config/robots, or the path of a robot's file from this one"),
  servo: servo.prefault({}).describe("the simulated servo"),
  start: z
    .array(jointPosition())
    .max(12)
    .optional()
    .describe(
      "start posture, an angle (of a sliding joint a length) for each joint; another robot than the scene's starts " +
        "at its home, or clear of the fixed geometry; default: the robot's home",
    ),
  fixed: z
    .array(fixed)
    .max(100)
    .default([])
    .describe("fixed geometry, in the arm's base frame; --scene gives it to the agent"),
  objects: z.array(object).max(50).default([]).describe("movable objects; each shape is in the object's own frame"),
  bodies: z.array(body).max(20).default([]).describe("people and movers, which the simulator publishes on bodies"),
  camera: camera.optional().describe('the one called "camera"'),
  cameras: z.record(id, camera).optional().describe("several cameras, by name"),
  random: randomSchema
    .default({})
    .describe("values drawn for each seed, by their path: objects.puck.position: { low, high } or { choices }"),
});

/** A scene's YAML file, checked: fixed geometry, objects and moving bodies around the arm, in SI units. */
export type SceneConfig = z.output<typeof sceneSchema>;
export type FixedObject = SceneConfig["fixed"][number];
export type SceneObject = SceneConfig["objects"][number];
export type SceneBody = SceneConfig["bodies"][number];
export type CameraConfig = z.output<typeof camera>;

/** @throws ConfigError */
export function loadSceneConfig(nameOrPath: string): SceneConfig {
  return parseScene(loadConfig("scenes", nameOrPath));
}

/**
 * A scene from a document already read: checked by the schema, then across fields (unique ids, times in order, random
 * paths).
 * @throws ConfigError
 */
export function parseScene(document: YamlDocument): SceneConfig {
  const read = parseConfig(sceneSchema, document),
    scene = { ...read, robot: robotOf(read.robot, document) };
  const seen = new Set<string>();
  for (const group of ["fixed", "objects", "bodies"] as const) {
    scene[group].forEach((item, i) => {
      if (seen.has(item.id)) throw document.error([group, i, "id"], `got '${item.id}' twice, want unique ids`);
      seen.add(item.id);
    });
  }
  scene.bodies.forEach((item, i) => {
    item.path.forEach((way, k) => {
      if (k > 0 && !(way.at > item.path[k - 1].at))
        throw document.error(
          ["bodies", i, "path", k, "at"],
          `got ${way.at}, want later than ${item.path[k - 1].at} (s)`,
        );
    });
  });
  if (scene.camera && scene.cameras)
    throw document.error(["cameras"], "got 'camera' and 'cameras' together, want one of them");
  checkRandom(scene, document);
  return scene;
}

/** A scene's robot: a name in config/robots, or the path of a file relative to the scene's file. */
function robotOf(robot: string, document: YamlDocument): string {
  const named = !namesFile(robot),
    file = named ? robot : resolve(dirname(document.locate(["robot"]).file), robot);
  if (named ? configNames("robots").includes(robot) : existsSync(file)) return file;
  throw document.error(
    ["robot"],
    named
      ? `got '${printable(robot, 60)}'${didYouMean(robot, configNames("robots"))}, want one of: ` +
          `${configNames("robots").join(", ")}, or the path of a file from this one`
      : `got '${printable(robot, 80)}', and ${printable(file, 160)} does not exist, want the path of a robot's YAML ` +
          "or URDF from this file",
  );
}

/** Every camera by name. */
export function sceneCameras(scene: SceneConfig): Record<string, CameraConfig> {
  return scene.cameras ?? (scene.camera ? { camera: scene.camera } : {});
}
