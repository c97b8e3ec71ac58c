import type { CollectConfig } from "../config/index.js";
import type { Policy } from "./Policy.js";

/** The constant input of a worker. */
export interface CollectJob {
  readonly config: CollectConfig;
  readonly policy: Policy;
  readonly seed: number;
  readonly folder: string;
  readonly version: string;
}
