import type { CollectConfig } from "../config/index.js";
import type { Policy } from "./Policy.js";

/** What a worker needs once. */
export interface CollectJob {
  readonly config: CollectConfig;
  readonly policy: Policy;
  readonly seed: number;
  readonly folder: string;
  readonly version: string;
}
