import { loadCollectConfig, sceneCameras } from "../../src/config/index.js";
import type { Rng } from "../../src/core/Rng.js";
import { drawEpisode as drawWorld } from "../../src/collect/drawEpisode.js";
import { lookAt, type Camera } from "../../src/sim/index.js";
import type { World } from "./World.js";

/** Camera poses that no model was trained on unless its data were randomised: how far from the scene's own, along and about each axis. */
export const MOVED = [
  { name: "± 1 cm, ± 1°", position: 0.01, angle: Math.PI / 180 },
  { name: "± 3 cm, ± 3°", position: 0.03, angle: (3 * Math.PI) / 180 },
  { name: "± 10 cm, ± 10°", position: 0.1, angle: (10 * Math.PI) / 180 },
] as const;
export const OWN = "as trained";

/** The scene's camera, and one pose of each size of displacement, from which every object is seen. */
export function drawViews({ scene }: World, rng: Rng): Map<string, Camera> {
  const [[, camera]] = Object.entries(sceneCameras(scene));
  const views = new Map<string, Camera>([[OWN, lookAt(camera.position, camera.look_at, camera.fov, camera.width, camera.height)]]);
  const config = loadCollectConfig("pucks");
  for (const { name, position, angle } of MOVED) views.set(name, drawWorld({ ...config, random: { ...config.random, camera: { position, angle } } }, scene, camera, rng).view);
  return views;
}
