import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { didYouMean, packageRoot, printable } from "../../../config/index.js";
import { ModelError } from "./ModelError.js";
import { loadManifest, type ModelManifest } from "./ModelManifest.js";
import { OnnxGraph, type Signature } from "./OnnxGraph.js";

/**
 * A model folder, loaded and checked: what `perception/ImageEncoder`, `perception/LatentMemory` and
 * `worldmodel/Learned` run.
 */
export interface LearnedModel {
  readonly folder: string;
  readonly manifest: ModelManifest;
  readonly encoder: OnnxGraph; // image [B,height,width,3] → z [B,dim] and the read-outs of it
  // z [1,dim] a step before, seen [1,dim] now, u [2,F] of both → believed [1,dim] and the read-outs of it
  readonly memory: OnnxGraph | undefined;
  readonly predictor: OnnxGraph; // z0 [1,dim], u [K,H+1,F], w [K,H,W] → z [K,H+1,dim] and the read-outs of it
}

/**
 * @param folder holding manifest.json and the files that it names.
 * @throws ConfigError (the manifest), ModelError (the graphs)
 */
export async function loadModel(folder: string): Promise<LearnedModel> {
  const manifest = loadManifest(folder);
  const { image, latent, horizon: H, features: F, noise: W, joints, objects, depth, files } = manifest;
  const float = (...shape: (number | string)[]): Signature[string] => ({ type: "float32", shape });
  const no = objects.length;
  const readOuts = (rows: number | string): Signature => ({
    objects: float(rows, no, 3),
    objects_sigma: float(rows, no, 3),
    tool: float(rows, 3),
    joints: float(rows, joints.length),
  });
  const [encoder, memory, predictor] = await Promise.all([
    OnnxGraph.load(
      join(folder, files.encoder.file),
      files.encoder.sha256,
      { image: { type: "uint8", shape: ["B", image.height, image.width, 3] } },
      { z: float("B", latent.dim), ...readOuts("B"), ...(depth && { depth: float("B", depth.height, depth.width) }) },
    ),
    files.memory &&
      OnnxGraph.load(
        join(folder, files.memory.file),
        files.memory.sha256,
        { z: float(1, latent.dim), seen: float(1, latent.dim), u: float(2, F) },
        { believed: float(1, latent.dim), ...readOuts(1) },
      ),
    OnnxGraph.load(
      join(folder, files.predictor.file),
      files.predictor.sha256,
      { z0: float(1, latent.dim), u: float("K", H + 1, F), ...(W > 0 ? { w: float("K", H, W) } : {}) },
      {
        z: float("K", H + 1, latent.dim),
        objects: float("K", H + 1, no, 3),
        objects_sigma: float("K", H + 1, no, 3),
        spread: float("K", H + 1),
      },
    ),
  ]);
  return { folder, manifest, encoder, memory, predictor };
}

const MODELS = join(packageRoot(), "models");
const modelFolders = (): string[] =>
  existsSync(MODELS)
    ? readdirSync(MODELS, { withFileTypes: true })
        .filter((d) => d.isDirectory())
        .map((d) => d.name)
    : [];

/** The models in models/ of one kind: of the world, or of how an arm follows its commands. */
export function modelNames(kind: "world" | "tracking"): string[] {
  const manifest = (name: string): string => join(MODELS, name, "manifest.json");
  return modelFolders().filter(
    (name) => existsSync(manifest(name)) && (JSON.parse(readFileSync(manifest(name), "utf8")).kind ?? "world") === kind,
  );
}

/** The folder of a name (in models/) or a path. @throws ModelError that lists the known names */
export function resolveModel(nameOrPath: string): string {
  if (nameOrPath.includes("/")) return resolve(nameOrPath);
  const names = modelFolders();
  if (names.includes(nameOrPath)) return join(MODELS, nameOrPath);
  throw new ModelError(
    "models",
    `got '${printable(nameOrPath, 60)}'${didYouMean(nameOrPath, names)}, want one of: ` +
      `${names.join(", ") || "(there are none)"}, or the path of a model's folder; telos collect and telos train ` +
      "make one",
  );
}
