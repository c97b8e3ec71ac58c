import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../src/config/index.js";

export type ModelName = "tiny" | "noisy";

/** Models that test/golden/make_models.py wrote: `tiny` is sure of what comes, `noisy` draws three numbers a step. */
export const modelFolder = (name: ModelName): string => join(packageRoot(), "test", "golden", "models", name);

/** Numbers by numpy for the model in the same folder. */
export interface Golden {
  readonly images: readonly Uint8Array[]; // [64,64,3]
  readonly u: readonly number[]; // [3,H+1,F]
  readonly w: readonly number[]; // [3,H,W]
  readonly z0: readonly number[]; // [2,D]; the predictions are from the first
  readonly objects0: readonly number[];
  readonly sigma0: readonly number[];
  readonly tool: readonly number[];
  readonly joints: readonly number[];
  readonly z: readonly number[]; // [3,H+1,D]
  readonly objects: readonly number[];
  readonly objects_sigma: readonly number[];
  readonly spread: readonly number[];
}

export function golden(name: ModelName): Golden {
  const g = JSON.parse(readFileSync(join(modelFolder(name), "golden.json"), "utf8")) as Golden & { images: string; block: number };
  const small = Buffer.from(g.images as unknown as string, "base64"); // [2,8,8,3], each pixel block × block times
  const S = 8 * g.block;
  const images = [0, 1].map((i) => Uint8Array.from({ length: S * S * 3 }, (_, k) => small[192 * i + 24 * Math.floor(k / (3 * S * g.block)) + 3 * Math.floor((k % (3 * S)) / (3 * g.block)) + (k % 3)]));
  return { ...g, images };
}

/** A copy of a model's folder to spoil. `manifest` is rewritten after `change`; checksums follow the files where asked. */
export function copyModel(name: ModelName, change: (manifest: Record<string, any>, folder: string) => void = () => undefined, checksums = true): string {
  const folder = mkdtempSync(join(tmpdir(), "telos-model-"));
  cpSync(modelFolder(name), folder, { recursive: true });
  const file = join(folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  change(manifest, folder);
  if (checksums) for (const part of Object.values(manifest.files) as { file: string; sha256: string }[]) part.sha256 = createHash("sha256").update(readFileSync(join(folder, part.file))).digest("hex");
  writeFileSync(file, JSON.stringify(manifest, null, 1));
  return folder;
}
