import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../../../src/config/index.js";
import type { TensorData } from "../../../../src/worldmodel/learned/onnx/index.js";

export type ModelName = "tiny" | "noisy";

/**
 * Models that test/golden/make_models.py wrote: `tiny` is sure of what comes, `noisy` draws three numbers a step and
 * has a memory.
 */
export const modelFolder = (name: ModelName): string => join(packageRoot(), "test", "golden", "models", name);

/** One call of each graph, and what it must give, by whoever made the model. */
export type Golden = Readonly<
  Record<
    "encoder" | "memory" | "predictor" | "tracking",
    { readonly inputs: Readonly<Record<string, TensorData>>; readonly outputs: Readonly<Record<string, Float32Array>> }
  >
>;

export function golden(folder: string): Golden {
  const unpack = ({ dtype, data }: { dtype: string; data: string }): TensorData => {
    const bytes = Uint8Array.from(Buffer.from(data, "base64"));
    return dtype === "uint8" ? bytes : new Float32Array(bytes.buffer);
  };
  const file = JSON.parse(readFileSync(join(folder, "golden.json"), "utf8"), (_, value) =>
    value?.dtype === undefined ? value : unpack(value),
  );
  return file as Golden;
}

/** The pictures in the golden vectors of a model: rgb [64,64,3]. */
export function goldenImages(folder: string): Uint8Array[] {
  const image = golden(folder).encoder.inputs.image as Uint8Array;
  return [0, 1].map((i) => image.slice((i * image.length) / 2, ((i + 1) * image.length) / 2));
}

/**
 * A copy of a model's folder to spoil. `manifest` is rewritten after `change`; checksums follow the files where asked.
 */
export function copyModel(
  name: ModelName,
  change: (manifest: Record<string, any>, folder: string) => void = () => undefined,
  checksums = true,
): string {
  const folder = mkdtempSync(join(tmpdir(), "telos-model-"));
  cpSync(modelFolder(name), folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  change(manifest, folder);
  if (checksums)
    for (const part of Object.values(manifest.files) as { file: string; sha256: string }[])
      part.sha256 = createHash("sha256")
        .update(readFileSync(join(folder, part.file)))
        .digest("hex");
  writeFileSync(file, JSON.stringify(manifest, null, 1));
  return folder;
}
