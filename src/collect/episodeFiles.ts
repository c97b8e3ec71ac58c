import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The file of an episode. */
export const episodeFile = (folder: string, number: number): string => join(folder, `episode-${String(number).padStart(6, "0")}.mcap`);

/** The numbers below `count` that the folder has no file of yet; it is made where there is none, and what an end in mid-writing left is taken away. */
export function missingEpisodes(folder: string, count: number): number[] {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (/^episode-\d+\.mcap\.part$/.test(name)) rmSync(join(folder, name));
  return Array.from({ length: count }, (_, i) => i).filter((i) => !existsSync(episodeFile(folder, i)));
}
