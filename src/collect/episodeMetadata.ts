import type { CollectJob } from "./CollectJob.js";
import { policyMetadata } from "./Policy.js";

/** What every recording of a collection says of itself, simulated or not; the configuration as it was in force. */
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
