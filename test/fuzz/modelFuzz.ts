import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, parseYaml } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import { ModelError, OnnxGraph, parseManifest, type Signature } from "../../src/worldmodel/learned/onnx/index.js";
import { modelFolder } from "../worldmodel/learned/onnx/models.js";

export interface ModelReport {
  manifests: number; // mutated ones read
  graphs: number;
  refused: number; // of both, by an error that says where
  wrong: string[]; // anything else that was thrown, or an error without a place
}

const float = (...shape: (number | string)[]): Signature[string] => ({ type: "float32", shape });
const [S, D, NO, NQ, F, H] = [64, 8, 2, 7, 17, 5];
const graphs: readonly (readonly [string, Signature, Signature])[] = [
  [
    "encoder.onnx",
    { image: { type: "uint8", shape: ["B", S, S, 3] } },
    {
      z: float("B", D),
      objects: float("B", NO, 3),
      objects_sigma: float("B", NO, 3),
      tool: float("B", 3),
      joints: float("B", NQ),
    },
  ],
  [
    "predictor.onnx",
    { z0: float(1, D), u: float("K", H + 1, F) },
    {
      z: float("K", H + 1, D),
      objects: float("K", H + 1, NO, 3),
      objects_sigma: float("K", H + 1, NO, 3),
      spread: float("K", H + 1),
    },
  ],
];
const splinters = [
  "[",
  "]",
  "{",
  "}",
  '"',
  ":",
  ",",
  "null",
  "-1",
  "1e400",
  ".nan",
  "2 cm",
  "../x.onnx",
  "__proto__",
  "\u0000",
  "\ud800",
  "99999999999999999999",
  "true",
  "# ",
  "- ",
  "\n",
];

/**
 * Model files as they must not be: `count` times a manifest or a graph of a few mutations, read as if its checksum were
 * right (with a wrong one nothing is read at all). Each is refused by an error that names the file and the fault, or is
 * a model that gives finite numbers; the process lives.
 */
export async function fuzzModels(count: number, seed: number): Promise<ModelReport> {
  const rng = new Rng(seed);
  const folder = modelFolder("tiny");
  const text = readFileSync(join(folder, "manifest.json"), "utf8");
  const files = graphs.map(([name]) => new Uint8Array(readFileSync(join(folder, name))));
  const report: ModelReport = { manifests: 0, graphs: 0, refused: 0, wrong: [] };
  for (let i = 0; i < count; i++) {
    const which = i % 4;
    try {
      if (which === 0) {
        report.manifests++;
        parseManifest(parseYaml(mutatedText(text, rng), "manifest.json"));
      } else {
        report.graphs++;
        const [name, inputs, outputs] = graphs[which % 2];
        const graph = await OnnxGraph.parse(mutatedBytes(files[which % 2], rng), name, inputs, outputs);
        await graph.release();
      }
    } catch (error) {
      report.refused++;
      const message = (error as Error).message;
      const told =
        which === 0
          ? error instanceof ConfigError && /^manifest\.json:\d+:\d+/.test(message)
          : error instanceof ModelError && /^(en|pre).*\.onnx: \S/.test(message);
      if (!told) report.wrong.push(`seed ${seed}, ${i}: ${String((error as Error).stack)}`);
    }
  }
  return report;
}

/** Half of the time near the ends: weights fill the file, structure its ends. */
function drawPlace(length: number, rng: Rng): number {
  if (rng.bits() % 2 !== 0) return rng.bits() % length;
  return rng.bits() % 2 === 0 ? rng.bits() % 400 : Math.max(0, length - 1 - (rng.bits() % 1500));
}

/**
 * One to four edits: cut, doubled, a flipped bit or a drawn byte, a run of bytes set, or a piece of the file moved
 * elsewhere.
 */
function mutatedBytes(bytes: Uint8Array, rng: Rng): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (let n = 1 + (rng.bits() % 4); n > 0; n--) {
    const at = drawPlace(out.length, rng);
    const length = 1 + (rng.bits() % 40);
    switch (rng.bits() % 6) {
      case 0:
        out = out.slice(0, Math.max(1, at));
        break;
      case 1:
        out = Uint8Array.from([...out.subarray(0, at), ...out.subarray(at + length)]);
        break;
      case 2:
        out[at % out.length] ^= 1 << (rng.bits() % 8);
        break;
      case 3:
        out[at % out.length] = rng.bits();
        break;
      case 4:
        out.fill(rng.bits() % 2 === 0 ? 0xff : rng.bits(), at, at + length);
        break;
      default:
        out.copyWithin(rng.bits() % out.length, at, at + length);
    }
    if (out.length === 0) out = new Uint8Array(1);
  }
  return out;
}

function mutatedText(text: string, rng: Rng): string {
  for (let n = 1 + (rng.bits() % 3); n > 0; n--) {
    const at = rng.bits() % (text.length + 1);
    const to = Math.min(text.length, at + (rng.bits() % 30));
    const kind = rng.bits() % 4;
    if (kind === 0) text = text.slice(0, at) + text.slice(to);
    else if (kind === 1) text = text.slice(0, to) + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(rng.bits() % 0x180) + text.slice(at + 1);
    else text = text.slice(0, at) + splinters[rng.bits() % splinters.length] + text.slice(at);
  }
  return text;
}
