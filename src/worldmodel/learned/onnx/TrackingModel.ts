import { join } from "node:path";
import { z } from "zod";
import { duration, loadYaml, parseConfig } from "../../../config/index.js";
import { count, file, name, origin } from "./ModelManifest.js";
import { OnnxGraph } from "./OnnxGraph.js";

/** The manifest of a model of how an arm follows its commands. */
const trackingSchema = z.strictObject({
  format: z.literal(1),
  kind: z.literal("tracking"),
  name,
  robot: name,
  joints: z.array(name).min(1).max(12), // in the order of the graph
  dt: duration({ above: 0, max: 10 }), // s, between predictions
  horizon: count(1, 64), // H: the graph is unrolled so often
  files: z.strictObject({ tracking: file }),
  ...origin,
});

export type TrackingManifest = z.output<typeof trackingSchema>;

/** A model of how an arm follows its commands, loaded and checked, for `worldmodel/Tracking`. */
export interface TrackingModel {
  readonly folder: string;
  readonly manifest: TrackingManifest;
  readonly graph: OnnxGraph; // d0 [1,nq] rad, u [K,H+1,3nq]: sin q*, cos q*, v* (rad/s) → d [K,H+1,nq] rad
}

/**
 * @param folder holding manifest.json and the graph that it names.
 * @throws ConfigError (the manifest), ModelError (the graph)
 */
export async function loadTrackingModel(folder: string): Promise<TrackingModel> {
  const manifest = parseConfig(trackingSchema, loadYaml(join(folder, "manifest.json")));
  const {
    joints: { length: nq },
    horizon: H,
    files: { tracking },
  } = manifest;
  const graph = await OnnxGraph.load(
    join(folder, tracking.file),
    tracking.sha256,
    { d0: { type: "float32", shape: [1, nq] }, u: { type: "float32", shape: ["K", H + 1, 3 * nq] } },
    { d: { type: "float32", shape: ["K", H + 1, nq] } },
  );
  return { folder, manifest, graph };
}
