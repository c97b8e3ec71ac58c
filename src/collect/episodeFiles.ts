import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CollectConfig } from "../config/index.js";
import { loadRecording } from "../memory/episodes/loadRecording.js";
import { policyMetadata, type Policy } from "./Policy.js";

/** The file of an episode. */
export const episodeFile = (folder: string, number: number): string =>
  join(folder, `episode-${String(number).padStart(6, "0")}.mcap`);

/**
 * The episode numbers below `count` without a file in the folder. Creates the folder if it does not exist, and removes
 * partly written files.
 * @throws Error if the folder holds a collection of another seed, configuration, policy or model
 */
export function missingEpisodes(
  folder: string,
  { config, seed, policy }: { readonly config: CollectConfig; readonly seed: number; readonly policy: Policy },
  count: number,
): number[] {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  for (const name of names) if (/^episode-\d+\.mcap\.part$/.test(name)) rmSync(join(folder, name));
  const first = names.find((name) => /^episode-\d+\.mcap$/.test(name));
  if (first !== undefined) {
    const { metadata } = loadRecording(join(folder, first));
    const want = { seed: String(seed), config: JSON.stringify(config), ...policyMetadata(policy) };
    // default for files from before there were policies
    const unsaid = new Map(Object.entries(policyMetadata({ name: "explore" })));
    for (const [key, value] of Object.entries(want)) {
      const got = metadata.get(key) ?? unsaid.get(key) ?? value;
      if (got !== value)
        throw new Error(
          `${folder}: holds episodes of ${key} ${got}, got ${key} ${value}; want the same, or another folder`,
        );
    }
  }
  return Array.from({ length: count }, (_, i) => i).filter((i) => !existsSync(episodeFile(folder, i)));
}
