import type { CollectJob } from "./CollectJob.js";
import { policyMetadata } from "./Policy.js";

/** The metadata of every recording of a collection, simulated or not, with the configuration in force. */
export const episodeMetadata = (
  { config, policy, seed, version }: Omit<CollectJob, "folder">,
  { number, purpose, end }: { readonly number: number; readonly purpose: string; readonly end: string },
): Readonly<Record<string, string>> => ({
  collection: config.name,
  ...policyMetadata(policy),
  seed: String(seed),
  episode: String(number),
  version,
  dt: String(config.dt),
  purpose,
  end,
  config: JSON.stringify(config),
});
