import { join } from "node:path";
import { z } from "zod";
import { duration, loadYaml, parseConfig, ratio, type YamlDocument } from "../../../config/index.js";

export const count = (min: number, max: number): z.ZodType<number> => z.int().min(min).max(max);
export const name = z.string().min(1).max(80);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A file beside the manifest: a bare name, so that it stays in the folder. */
export const file = z.strictObject({ file: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}\.onnx$/), sha256 });
const told = z.unknown().optional(); // for people: not read here
/** The origin of a model, and its measured quality. */
export const origin = {
  data: told,
  code: z.string().max(200).default(""), // commit
  command: z.string().max(2000).default(""), // that made it
  config: told,
  metrics: told,
  gates: told,
  forced: z.boolean().default(false), // shipped although it failed a gate
};

/**
 * The manifest of a model folder: spaces, shapes, units, checksums, and origin. docs/guide/learning.md describes it.
 */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  name,
  robot: name,
  joints: z.array(name).min(1).max(12), // whose angles are features, in this order
  camera: name,
  image: z.strictObject({ width: count(8, 1024), height: count(8, 1024) }), // pixels, RGB
  dt: duration({ above: 0, max: 10 }), // s, between predictions
  horizon: count(1, 64), // H: the predictor is unrolled so often
  latent: z.strictObject({
    id: name, // of encoder and predictor alike
    dim: count(1, 4096),
    std: z.array(ratio(1e-9, 1e6)).min(1).max(4096), // spread of each latent over the data
    steps: z
      .array(z.array(z.number().min(-1e9).max(1e9)))
      .min(1)
      .max(256)
      .optional(), // M [E,dim]: ‖M (z − z')‖ is about the number of steps between two states, if learned
  }),
  features: count(1, 64), // F = 3 + 2·joints: tool x, y, z (m, base frame), sines, cosines
  noise: count(0, 64), // W: numbers drawn for each step
  objects: z.array(name).max(16), // objects whose positions the read-outs give
  // cells, where the encoder reads it out
  depth: z.strictObject({ width: count(1, 256), height: count(1, 256) }).optional(),
  files: z.strictObject({ encoder: file, memory: file.optional(), predictor: file }),
  ...origin,
});

export type ModelManifest = z.output<typeof manifestSchema>;

/** The manifest of a model folder. @throws ConfigError with file, line, column and path */
export const loadManifest = (folder: string): ModelManifest => parseManifest(loadYaml(join(folder, "manifest.json")));

/** A manifest from a document already read (JSON is YAML). @throws ConfigError */
export function parseManifest(document: YamlDocument): ModelManifest {
  const manifest = parseConfig(manifestSchema, document);
  const { joints, features, objects, latent } = manifest;
  if (features !== 3 + 2 * joints.length)
    throw document.error(
      ["features"],
      `got ${features}, want ${3 + 2 * joints.length}, the tool's position and each joint's sine and cosine`,
    );
  for (const [key, names] of Object.entries({ joints, objects }))
    names.forEach((x, i) => {
      if (names.indexOf(x) !== i) throw document.error([key, i], `got '${x}' twice, want unique names`);
    });
  if (latent.std.length !== latent.dim)
    throw document.error(
      ["latent", "std"],
      `got ${latent.std.length} numbers, want ${latent.dim}, one for each latent`,
    );
  latent.steps?.forEach((row, i) => {
    if (row.length !== latent.dim)
      throw document.error(
        ["latent", "steps", i],
        `got ${row.length} numbers, want ${latent.dim}, one for each latent`,
      );
  });
  return manifest;
}
