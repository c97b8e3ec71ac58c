import { Rng } from "../core/math/Rng.js";

/** The random numbers of an episode: they depend only on the collection's seed and the episode's number. */
export const episodeRng = (seed: number, number: number): Rng =>
  new Rng((Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) | 0);
