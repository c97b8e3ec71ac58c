import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { ConfigError, packageRoot } from "../../../../src/config/index.js";
import {
  loadModel,
  loadTrackingModel,
  ModelError,
  modelNames,
  OnnxGraph,
  resolveModel,
  type Signature,
} from "../../../../src/worldmodel/learned/onnx/index.js";
import { copyModel, golden, modelFolder, type ModelName } from "./models.js";

const graphs = join(packageRoot(), "test", "golden", "models", "graphs");
const signature: Signature = { x: { type: "float32", shape: ["B", 2] } };
const load = (
  name: string,
  inputs = signature,
  outputs: Signature = { y: { type: "float32", shape: ["B", 2] } },
): Promise<OnnxGraph> => OnnxGraph.parse(readFileSync(join(graphs, `${name}.onnx`)), `${name}.onnx`, inputs, outputs);

/** Largest difference, relative to the largest of the numbers wanted. */
export function difference(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let worst = 0;
  let scale = 0;
  for (let i = 0; i < want.length; i++) {
    worst = Math.max(worst, Math.abs(got[i] - want[i]));
    scale = Math.max(scale, Math.abs(want[i]));
    if (got[i] !== got[i]) return NaN;
  }
  return worst / scale;
}

const shipped = join(packageRoot(), "models");
const folders = ["tiny", "noisy"]
  .map((name) => modelFolder(name as ModelName))
  .concat(modelNames("world").map((name) => join(shipped, name)));
for (const folder of folders.filter((f) => existsSync(join(f, "manifest.json")))) {
  it(`${basename(folder)}: its graphs give what they gave their maker, to 1e-5`, async () => {
    const model = await loadModel(folder);
    const want = golden(folder);
    for (const part of ["encoder", "memory", "predictor"] as const) {
      const graph = model[part];
      if (graph === undefined) continue;
      const { inputs, outputs } = want[part];
      const out = Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, new Float32Array(x.length)]));
      const rows =
        part === "memory"
          ? 1
          : outputs.z.length /
            (part === "encoder" ? model.manifest.latent.dim : model.manifest.latent.dim * (model.manifest.horizon + 1));
      await graph.bind(inputs, out, rows)(rows);
      for (const [name, x] of Object.entries(outputs))
        assert.ok(difference(out[name], x) < 1e-5, `${part} ${name}: ${difference(out[name], x)}`);
    }
  });
}

for (const name of modelNames("tracking")) {
  it(`${name}: its graph gives what it gave its maker, to 1e-5`, async () => {
    const {
      graph,
      manifest: { joints, horizon },
    } = await loadTrackingModel(join(shipped, name));
    const {
      inputs,
      outputs: { d },
    } = golden(join(shipped, name)).tracking;
    const out = new Float32Array(d.length),
      rows = d.length / (joints.length * (horizon + 1));
    await graph.bind(inputs, { d: out }, rows)(rows);
    assert.ok(difference(out, d) < 1e-5, `${difference(out, d)}`);
  });
}

describe("a bound graph", () => {
  it("gives the same for a row whatever the number of rows, and leaves the rows beyond alone", async () => {
    const graph = await load("sound");
    const x = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const y = new Float32Array(16).fill(7);
    const run = graph.bind({ x }, { y }, 8);
    for (const rows of [3, 1, 8, 5]) {
      y.fill(7);
      await run(rows);
      assert.deepEqual(y.subarray(0, 2 * rows), x.subarray(0, 2 * rows)); // the identity
      assert.ok(y.subarray(2 * rows).every((v) => v === 7));
    }
    await assert.rejects(run(9), /rows: got 9, want 1 to 8/);
    await assert.rejects(run(0), /rows: got 0/);
  });
});

describe("graphs that must not run are refused by name and reason", () => {
  for (const [name, reason] of [
    ["nan", /nan\.onnx: got a NaN or infinite weight in the initialiser 'm'/],
    ["inf", /inf\.onnx: got a NaN or infinite weight in the initialiser 'm'/],
    ["nan_listed", /got a NaN or infinite weight in the initialiser 'm'/],
    ["nan_half", /got a NaN or infinite weight in the initialiser 'h'/],
    ["nan_constant", /got a NaN or infinite weight in the constant/],
    ["nan_branch", /got a NaN or infinite weight in the constant/],
    ["external", /got data in another file for a initialiser/],
    ["custom", /got an operator of the domain 'com\.example'/],
    ["not_finite", /output 'y': got (-?Infinity|NaN) for a probe/],
  ] as const)
    it(name, () => assert.rejects(load(name), (e) => e instanceof ModelError && reason.test(e.message)));

  it("another name, type, shape or number of inputs and outputs", async () => {
    const y = { type: "float32", shape: ["B", 2] } as const;
    for (const [inputs, outputs, reason] of [
      [{ a: y }, { y }, /got inputs x, want one named 'a'/],
      [{ x: { ...y, type: "uint8" } }, { y }, /input 'x': got float32 \[B,2\], want uint8 \[B,2\]/],
      [{ x: y }, { y: { ...y, shape: ["B", 3] } }, /output 'y': got float32 \[B,2\], want float32 \[B,3\]/],
      [{ x: y }, { y: { ...y, shape: [4, 2] } }, /output 'y': got float32 \[B,2\], want float32 \[4,2\]/],
      [{ x: y }, { y: { ...y, shape: ["B", "C"] } }, /output 'y'/],
      [{ x: y }, {}, /output 'y': got an unexpected output/],
    ] as [Signature, Signature, RegExp][])
      await assert.rejects(load("sound", inputs, outputs), (e) => e instanceof ModelError && reason.test(e.message));
    await load("sound");
  });
});

describe("model folders", () => {
  const refuses = async (
    folder: string,
    kind: typeof ConfigError | typeof ModelError,
    reason: RegExp,
  ): Promise<void> => {
    await assert.rejects(
      loadModel(folder),
      (e) => (assert.ok(e instanceof kind, String(e)), assert.match(e.message, reason), true),
    );
    rmSync(folder, { recursive: true });
  };

  it("one bit of a graph makes another checksum", () =>
    refuses(
      copyModel(
        "tiny",
        (_, folder) => {
          const file = join(folder, "encoder.onnx");
          const bytes = readFileSync(file);
          bytes[bytes.length >> 1] ^= 1;
          writeFileSync(file, bytes);
        },
        false,
      ),
      ModelError,
      /encoder\.onnx: got sha256 [0-9a-f]{12}…, want [0-9a-f]{12}…/,
    ));

  it("a file that is not there, is empty, or is a folder", async () => {
    await refuses(
      copyModel("tiny", (_, f) => rmSync(join(f, "predictor.onnx")), false),
      ModelError,
      /predictor\.onnx: got no readable file \(ENOENT\)/,
    );
    await refuses(
      copyModel("tiny", (_, f) => truncateSync(join(f, "predictor.onnx"), 0), false),
      ModelError,
      /predictor\.onnx: got 0 bytes/,
    );
    await assert.rejects(
      loadModel(join(graphs, "none")),
      (e) => e instanceof ConfigError && /none\/manifest\.json:1:1: got no readable file \(ENOENT\)/.test(e.message),
    );
  });

  it("no path leads out of the folder: neither a name nor a link", async () => {
    for (const file of [
      "../tiny/encoder.onnx",
      "/etc/passwd",
      "..",
      "a/b.onnx",
      "encoder.onnx/../../x.onnx",
      ".hidden.onnx",
      "encoder",
    ])
      await refuses(
        copyModel("tiny", (m) => (m.files.encoder.file = file), false),
        ConfigError,
        /manifest\.json:\d+:\d+ files\.encoder\.file: got '[^']*', want text like/,
      );
    const linked = copyModel("tiny", (_, f) => {
      rmSync(join(f, "encoder.onnx"));
      symlinkSync(join(modelFolder("tiny"), "encoder.onnx"), join(f, "encoder.onnx"));
    });
    await refuses(linked, ModelError, /encoder\.onnx: got a link to/);
  });

  it("what the manifest says of shapes is held against the graphs", async () => {
    await refuses(
      copyModel("tiny", (m) => ((m.latent.dim = 9), m.latent.std.push(1))),
      ModelError,
      /encoder\.onnx: output 'z': got float32 \[B,8\], want float32 \[B,9\]/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.horizon = 4)),
      ModelError,
      /predictor\.onnx: input 'u': got float32 \[K,6,17\], want float32 \[K,5,17\]/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.noise = 2)),
      ModelError,
      /predictor\.onnx: got inputs z0, u, want one named 'w'/,
    );
    await refuses(
      copyModel("noisy", (m) => (m.noise = 0)),
      ModelError,
      /predictor\.onnx: input 'w': got an unexpected input/,
    );
    await refuses(
      copyModel("tiny", (m) => m.objects.pop()),
      ModelError,
      /output 'objects': got float32 \[B,2,3\], want float32 \[B,1,3\]/,
    );
    await refuses(
      copyModel("noisy", (m) => (m.depth.width = 5)),
      ModelError,
      /output 'depth': got float32 \[B,4,4\], want float32 \[B,4,5\]/,
    );
    await refuses(
      copyModel("noisy", (m) => delete m.depth),
      ModelError,
      /output 'depth': got an unexpected output/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.image.width = 32)),
      ModelError,
      /input 'image'/,
    );
  });

  it("a manifest contradicting itself is told where", async () => {
    await refuses(
      copyModel("tiny", (m) => (m.features = 16)),
      ConfigError,
      /manifest\.json:\d+:\d+ features: got 16, want 17/,
    );
    await refuses(
      copyModel("tiny", (m) => m.latent.std.pop()),
      ConfigError,
      /latent\.std: got 7 numbers, want 8/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.latent.steps = [Array(8).fill(1), [1, 2]])),
      ConfigError,
      /latent\.steps\[1\]: got 2 numbers, want 8/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.objects[1] = "red")),
      ConfigError,
      /objects\[1\]: got 'red' twice/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.more = 1)),
      ConfigError,
      /got key 'more'/,
    );
    await refuses(
      copyModel("tiny", (m) => (m.format = 2)),
      ConfigError,
      /format: got 2, want 1/,
    );
  });

  it("names lead to models/, paths where they say", () => {
    assert.equal(resolveModel("./x"), join(process.cwd(), "x"));
    assert.throws(
      () => resolveModel("no_such_model"),
      (e) => e instanceof ModelError && /got 'no_such_model'.*, want one of: .*, or the path/.test(e.message),
    );
  });
});
