import { loadCollectConfig, sceneCameras } from "../../config/index.js";
import type { Rng } from "../../core/math/Rng.js";
import { drawEpisode as drawWorld } from "../../collect/drawEpisode.js";
import { lookAt } from "../../sim/index.js";
import type { View } from "./View.js";
import type { World } from "./World.js";

const MOVED = [
  { name: "± 1 cm, ± 1°", position: 0.01, angle: Math.PI / 180 },
  { name: "± 3 cm, ± 3°", position: 0.03, angle: (3 * Math.PI) / 180 },
  { name: "± 10 cm, ± 10°", position: 0.1, angle: (10 * Math.PI) / 180 },
] as const;
export const OWN = "as trained";
export const DISTRACTED = "drifting floor";

/**
 * Views that no model has been trained on unless its data were randomised: the camera is moved along and about each
 * axis, or a drifting picture replaces the floor.
 */
export const UNSEEN: readonly string[] = [...MOVED.map((m) => m.name), DISTRACTED];

/**
 * The scene's camera; for each size of displacement one camera pose from which every object is visible; and the scene's
 * camera with another floor.
 */
export function drawViews({ scene }: World, rng: Rng): Map<string, View> {
  const [[, camera]] = Object.entries(sceneCameras(scene));
  const own = lookAt(camera.position, camera.look_at, camera.fov, camera.width, camera.height);
  const views = new Map<string, View>([[OWN, own]]);
  const config = loadCollectConfig("pucks");
  const drawn = (random: Partial<typeof config.random>): ReturnType<typeof drawWorld> =>
    drawWorld({ ...config, random: { ...config.random, ...random } }, scene, camera, rng);
  for (const { name, position, angle } of MOVED) views.set(name, drawn({ camera: { position, angle } }).view);
  views.set(DISTRACTED, { ...own, texture: drawn({ backdrop: 1 }).texture });
  return views;
}
