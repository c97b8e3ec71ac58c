import { z } from "zod";
import { loadYaml } from "./loadYaml.js";
import { shapes, solids } from "./geometry.js";
import { oneKey } from "./oneKey.js";
import { orientation } from "./orientation.js";
import { parseConfig } from "./parseConfig.js";
import { angle, angularSpeed, duration, length, mass, ratio, speed, vec3 } from "./quantity.js";
import { checkRandom, randomSchema } from "./random.js";
import { resolveConfig } from "./resolveConfig.js";
import type { YamlDocument } from "./YamlDocument.js";

const id = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/);
const point = vec3(length());
const colour = z.tuple([ratio(0, 1), ratio(0, 1), ratio(0, 1)]);

const fixed = oneKey("a shape", shapes, { id, colour: colour.optional() });
const object = oneKey("a shape", solids, {
  id,
  mass: mass().default(0.1),
  friction: ratio(0, 5).default(0.6),
  position: point,
  orientation: orientation.default([0, 0, 0, 1]),
  colour: colour.optional(),
});
const body = z.strictObject({
  id,
  kind: z.enum(["person", "object"]).default("object"),
  capsules: z.array(z.strictObject({ p0: point, p1: point, radius: length({ above: 0 }) })).min(1).max(16),
  path: z.array(z.strictObject({ at: duration(), move: point })).max(200).default([]), // whole-body displacement by time, linear between; the last one holds
  speed_bound: speed({ min: 0 }).optional(), // default: the guardrails' own bound for its kind
});
const camera = z.strictObject({
  position: point,
  look_at: point,
  fov: angle({ above: 0, max: 3 }).default((50 * Math.PI) / 180), // vertical
  width: z.int().min(8).max(1024).default(64),
  height: z.int().min(8).max(1024).default(64),
  rate: z.number().min(0.1).max(60).default(10), // Hz
});

/** How well the arm is held: see `sim/ArmServo`. */
const servo = z.strictObject({
  bandwidth: angularSpeed({ above: 0, max: 80 }).default(80), // of every joint
  delay: duration({ min: 0, max: 0.2 }).default(0), // from a set-point of the controller to the servo's
  load: mass({ min: 0, max: 100 }).default(0), // that hangs from the tool and nobody told the servo of: its weight alone
});

/** A scene: what stands, lies and moves around the arm. Shapes of `fixed` are in the base frame, those of `objects` in the object's own. */
export const sceneSchema = z.strictObject({
  name: z.string().min(1).max(80),
  robot: z.string().min(1).default("arm7"),
  servo: servo.prefault({}),
  start: z.array(angle()).max(12).optional(), // joint angles at the beginning; default: the robot's home
  fixed: z.array(fixed).max(100).default([]),
  objects: z.array(object).max(50).default([]),
  bodies: z.array(body).max(20).default([]),
  camera: camera.optional(), // the one called "camera"
  cameras: z.record(id, camera).optional(), // or several by name
  random: randomSchema.default({}),
});

export type SceneConfig = z.output<typeof sceneSchema>;
export type FixedObject = SceneConfig["fixed"][number];
export type SceneObject = SceneConfig["objects"][number];
export type SceneBody = SceneConfig["bodies"][number];
export type CameraConfig = z.output<typeof camera>;

/** @throws ConfigError */
export function loadSceneConfig(nameOrPath: string): SceneConfig {
  return parseScene(loadYaml(resolveConfig("scenes", nameOrPath)));
}

/** A scene from a document already read: the schema, then what crosses its fields (equal ids, times in order, random paths). @throws ConfigError */
export function parseScene(document: YamlDocument): SceneConfig {
  const scene = parseConfig(sceneSchema, document);
  const seen = new Set<string>();
  for (const group of ["fixed", "objects", "bodies"] as const) {
    scene[group].forEach((item, i) => {
      if (seen.has(item.id)) throw document.error([group, i, "id"], `got '${item.id}' a second time, want an id of its own`);
      seen.add(item.id);
    });
  }
  scene.bodies.forEach((item, i) => {
    item.path.forEach((way, k) => {
      if (k > 0 && !(way.at > item.path[k - 1].at)) throw document.error(["bodies", i, "path", k, "at"], `got ${way.at}, want later than ${item.path[k - 1].at} (s)`);
    });
  });
  if (scene.camera && scene.cameras) throw document.error(["cameras"], "got 'camera' and 'cameras' together, want one of them");
  checkRandom(scene, document);
  return scene;
}

/** Every camera by name. */
export function sceneCameras(scene: SceneConfig): Record<string, CameraConfig> {
  return scene.cameras ?? (scene.camera ? { camera: scene.camera } : {});
}
