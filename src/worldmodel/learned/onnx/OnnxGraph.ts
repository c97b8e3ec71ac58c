import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
// loaded with the first graph, so that agents without a learned model do not pay for it
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError } from "./ModelError.js";
import { scanOnnx } from "./scanOnnx.js";

/** Inputs or outputs of a graph. A text in the shape is a size that every call may choose. */
export interface TensorSpec {
  readonly type: "float32" | "uint8";
  readonly shape: readonly (number | string)[];
}

export type Signature = Readonly<Record<string, TensorSpec>>;
export type TensorData = Float32Array | Uint8Array;

const MOST_BYTES = 128 * 1024 * 1024;
const BOUND = 1e6; // outputs of a valid model for a probe stay within

/**
 * One ONNX graph, checked: size, sha256, finite weights, nothing outside the file, the declared names, types and
 * shapes, and finite results for a probe. It runs on one core and blocks the calling thread, so call it in workers, or
 * where nothing waits.
 */
export class OnnxGraph {
  private constructor(
    readonly file: string,
    private readonly session: InferenceSession,
    private readonly make: typeof Tensor,
    private readonly inputs: Signature,
    private readonly outputs: Signature,
  ) {}

  /** @throws ModelError */
  static async load(file: string, sha256: string, inputs: Signature, outputs: Signature): Promise<OnnxGraph> {
    const bytes = readBytes(file);
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sha256)
      throw new ModelError(
        file,
        `got sha256 ${found.slice(0, 12)}…, want ${sha256.slice(0, 12)}…, as the manifest says`,
      );
    return OnnxGraph.parse(bytes, file, inputs, outputs);
  }

  /** A graph from bytes whose origin is known. @throws ModelError naming `file` */
  static async parse(bytes: Uint8Array, file: string, inputs: Signature, outputs: Signature): Promise<OnnxGraph> {
    scanOnnx(bytes, file);
    const { InferenceSession, Tensor } = await import("onnxruntime-node");
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(bytes, {
        executionProviders: ["cpu"],
        executionMode: "sequential",
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: "all",
        logSeverityLevel: 4,
      });
    } catch (error) {
      throw new ModelError(file, `got a graph that the runtime refuses (${oneLine(error)}), want a sound one`);
    }
    try {
      checkSignature(file, "input", session.inputMetadata, inputs);
      checkSignature(file, "output", session.outputMetadata, outputs);
      const graph = new OnnxGraph(file, session, Tensor, inputs, outputs);
      await graph.probe();
      return graph;
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /**
   * Binds the graph to arrays that stay the same for all calls: it reads `inputs` and writes its results into `outputs`
   * (only those given).
   * @param most rows of the free size that the arrays have room for
   */
  bind(
    inputs: Readonly<Record<string, TensorData>>,
    outputs: Readonly<Record<string, TensorData>>,
    most: number,
  ): (rows: number) => Promise<void> {
    // by rows, which take few values
    const feeds = new Map<number, { inputs: Record<string, Tensor>; outputs: Record<string, Tensor> }>();
    return async (rows) => {
      if (!(rows >= 1 && rows <= most)) throw new RangeError(`rows: got ${rows}, want 1 to ${most}`);
      let tensors = feeds.get(rows);
      if (tensors === undefined) {
        tensors = {
          inputs: view(this.make, inputs, this.inputs, rows),
          outputs: view(this.make, outputs, this.outputs, rows),
        };
        if (feeds.size < 64) feeds.set(rows, tensors);
      }
      try {
        await this.session.run(tensors.inputs, tensors.outputs);
      } catch (error) {
        throw new ModelError(this.file, `got an error while running (${oneLine(error)})`);
      }
    };
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** One call with simple inputs: a valid model returns finite numbers. */
  private async probe(): Promise<void> {
    const fill = (s: Signature): Record<string, TensorData> =>
      Object.fromEntries(
        Object.entries(s).map(([name, { type, shape }]) => [
          name,
          type === "uint8" ? new Uint8Array(sizeOf(shape)).fill(127) : new Float32Array(sizeOf(shape)).fill(0.1),
        ]),
      );
    const results = fill(this.outputs);
    await this.bind(fill(this.inputs), results, 1)(1);
    for (const [name, data] of Object.entries(results)) {
      const wrong = data.find((x: number) => !(Math.abs(x) <= BOUND));
      if (wrong !== undefined)
        throw new ModelError(
          this.file,
          `output '${name}': got ${wrong} for a probe, want finite numbers within ${BOUND}`,
        );
    }
  }
}

/** Numbers in one row of a tensor: its shape with every free size 1. */
const sizeOf = (shape: readonly (number | string)[]): number =>
  shape.reduce<number>((n, d) => n * (typeof d === "number" ? d : 1), 1);

function view(
  make: typeof Tensor,
  arrays: Readonly<Record<string, TensorData>>,
  signature: Signature,
  rows: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, data]) => {
      const { type, shape } = signature[name];
      const dims = shape.map((d) => (typeof d === "number" ? d : rows));
      return [name, new make(type, data.subarray(0, sizeOf(dims)) as never, dims)];
    }),
  );
}

function checkSignature(
  file: string,
  what: string,
  found: readonly InferenceSession.ValueMetadata[],
  wanted: Signature,
): void {
  const show = (type: string, shape: readonly (number | string)[]): string => `${type} [${shape.join(",")}]`;
  const names = found.map((f) => f.name);
  for (const [name, { type, shape }] of Object.entries(wanted)) {
    const has = found.find((f) => f.name === name);
    if (has === undefined)
      throw new ModelError(file, `got ${what}s ${names.slice(0, 12).join(", ") || "(none)"}, want one named '${name}'`);
    const got = has.isTensor ? show(has.type, has.shape) : "no tensor";
    const fits =
      has.isTensor &&
      has.type === type &&
      has.shape.length === shape.length &&
      shape.every((d, i) => typeof d === typeof has.shape[i] && (typeof d === "string" || d === has.shape[i]));
    if (!fits) throw new ModelError(file, `${what} '${name}': got ${got}, want ${show(type, shape)}`);
  }
  const more = names.find((n) => !(n in wanted));
  if (more !== undefined)
    throw new ModelError(
      file,
      `${what} '${more.slice(0, 40)}': got an unexpected ${what}, want ${Object.keys(wanted).join(", ")}`,
    );
}

/** A regular file's bytes. The file must lie in its own folder, not behind a link. @throws ModelError */
function readBytes(file: string): Uint8Array {
  let fd: number;
  try {
    const real = realpathSync(file);
    if (dirname(real) !== realpathSync(dirname(file)))
      throw new ModelError(file, `got a link to ${dirname(real)}, want a file in its own folder`);
    fd = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(
      file,
      `got no readable file (${(error as NodeJS.ErrnoException).code ?? "error"}), want an ONNX model`,
    );
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new ModelError(file, "got something that is not a file, want an ONNX model");
    if (!(stat.size > 0 && stat.size <= MOST_BYTES))
      throw new ModelError(file, `got ${stat.size} bytes, want 1 to ${MOST_BYTES}`);
    const bytes = new Uint8Array(stat.size);
    let n = 0;
    while (n < bytes.length) {
      const more = readSync(fd, bytes, n, bytes.length - n, n);
      if (more === 0) throw new ModelError(file, `got ${n} bytes of ${bytes.length}`);
      n += more;
    }
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** The runtime's message, cut short: it comes from the file and may contain anything. */
const oneLine = (error: unknown): string =>
  String((error as Error)?.message ?? error)
    .replace(/[^\x20-\x7e]+/g, " ")
    .slice(0, 160);
