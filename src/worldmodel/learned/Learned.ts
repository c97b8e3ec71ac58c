import { closestApproach } from "../../core/math/closestApproach.js";
import { Rng } from "../../core/math/Rng.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Arm } from "../../kinematics/Arm.js";
import { Kinematics } from "../../kinematics/Kinematics.js";
import { Posture } from "../../kinematics/Posture.js";
import { ModelError, type LearnedModel } from "./onnx/index.js";
import type { Predictor } from "../Predictor.js";

export interface LearnedOptions {
  readonly samples?: number; // S ≥ 1: draws of w for each action sequence; one where the model has no w
  // m, in the plane: an object farther than this from everything that moves stays; default: no such rule
  readonly reach?: number;
}

/**
 * The arm's motion by the kinematic model, the rest of the world by a learned model:
 *
 *     z_0 = f(image),   z_{h+1} = P(z_h, φ(q_h), φ(q_{h+1}), w_h),   w_h ~ N(0, 1),   φ(q) = [tool x, y, z (m, base
 *     frame), sin q, cos q]
 *
 * A read-out follows the arm a little even if nothing touches the object. With `reach` an object stays in place until
 * the tool, or an object already moved, comes within that distance of it.
 *
 * P gets the kinematic path, never the actions. φ(q_0) is taken at the image's own instant, so that the first
 * prediction bridges the image's age with the arm's true path. Guardrails use the values of the kinematic model; this
 * model adds only r.z, r.objects and r.spread.
 */
export class Learned implements Predictor {
  readonly timed = true;
  readonly nu: number;
  readonly dt: Seconds;
  readonly substeps: number;
  readonly quasistatic: boolean;
  readonly samples: number;
  readonly objects: readonly string[]; // ids in the order of r.objects
  private readonly H: number; // that the graph is unrolled for
  private readonly dim: number;
  private readonly F: number;
  private readonly W: number;
  private readonly reach: number;
  private readonly start: Kinematics;
  private readonly w: Float32Array; // [S,H,W]
  private readonly moved: Uint8Array; // [no]
  private buffers: Buffers | undefined;

  /** @throws ModelError if the model is for other joints or another time step */
  constructor(
    private readonly kinematic: Predictor,
    private readonly model: LearnedModel,
    private readonly arm: Arm,
    options: LearnedOptions = {},
  ) {
    const { manifest, folder } = model;
    if (manifest.joints.join() !== arm.jointNames.join())
      throw new ModelError(
        `${folder}/manifest.json`,
        `joints: got ${manifest.joints.join(", ")}, want ${arm.jointNames.join(", ")}, the arm's`,
      );
    if (Math.abs(manifest.dt - kinematic.dt) > 1e-9)
      throw new ModelError(`${folder}/manifest.json`, `dt: got ${manifest.dt} s, want ${kinematic.dt} s, the level's`);
    this.nu = kinematic.nu;
    this.dt = kinematic.dt;
    this.substeps = kinematic.substeps;
    this.quasistatic = kinematic.quasistatic ?? false;
    this.samples = manifest.noise > 0 ? (options.samples ?? 1) : 1;
    this.objects = manifest.objects;
    this.reach = options.reach ?? Infinity;
    this.H = manifest.horizon;
    this.dim = manifest.latent.dim;
    this.F = manifest.features;
    this.W = manifest.noise;
    this.start = new Kinematics(arm);
    this.w = new Float32Array(this.samples * this.H * this.W);
    this.moved = new Uint8Array(this.objects.length);
    this.draw(new Rng(0));
  }

  draw(rng: Rng): void {
    for (let i = 0; i < this.w.length; i++) this.w[i] = rng.normal();
  }

  /**
   * @throws ModelError without a latent in `from.percept`, for a longer horizon than the model's, or if the graph
   * fails
   */
  async predict(from: State, r: Rollouts, K: number): Promise<void> {
    const { dim, H, F, samples: S, model } = this;
    const { percept } = from;
    if (percept?.z.length !== dim)
      throw new ModelError(
        model.folder,
        `got a state with ${percept?.z.length ?? 0} latents, want ${dim}: no image has been encoded`,
      );
    if (r.H > H)
      throw new ModelError(`${model.folder}/manifest.json`, `horizon: got ${H}, want at least ${r.H}, the level's`);
    const done = this.kinematic.predict(from, r, K);
    if (done !== undefined) await done;
    r.predicted = this.objects;
    const b = this.reserve(r);
    b.z0.set(percept.z);
    this.start.forward(percept.q, 0);
    const row = (H + 1) * F;
    for (let k = 0; k < K; k++) {
      const i = k * S * row;
      Posture.write(b.u, i, this.start.tool, 0, percept.q, 0, this.arm.nq);
      for (let h = 1; h <= H; h++) {
        const knot = k * r.N + Math.min(h, r.H) * r.substeps; // beyond the level's horizon the arm rests
        Posture.write(b.u, i + h * F, r.tool, knot * 12, r.q, knot * r.nq, r.nq);
      }
      for (let s = 1; s < S; s++) b.u.copyWithin(i + s * row, i, i + row);
    }
    await b.run(K * S);
    unpad(r.z, b.z, K * S, r.H, H, dim);
    unpad(r.objects, b.objects, K * S, r.H, H, 3 * this.objects.length);
    unpad(r.spread, b.spread, K * S, r.H, H, 1);
    if (this.reach < Infinity) for (let k = 0; k < K; k++) for (let s = 0; s < S; s++) this.rest(r, k, s);
  }

  expected(r: Rollouts): Rollouts {
    return this.kinematic.expected?.(r) ?? r;
  }

  /** Keeps the objects of one future in place until something that moves comes near. */
  private rest({ H, N, S, no, substeps, tool, objects: p }: Rollouts, k: number, s: number): void {
    const { reach, moved } = this;
    moved.fill(0);
    for (
      let h = 1, t = 12 * (k * N + substeps), o = ((k * S + s) * (H + 1) + 1) * 3 * no;
      h <= H;
      h++, t += 12 * substeps, o += 3 * no
    )
      for (let i = 0; i < no; i++) {
        const a = o - 3 * no + 3 * i,
          b = o + 3 * i,
          u = t - 12 * substeps;
        let near =
          moved[i] === 1 ||
          closestApproach(
            tool[u + 3] - p[a],
            tool[u + 7] - p[a + 1],
            tool[t + 3] - tool[u + 3],
            tool[t + 7] - tool[u + 7],
          ) < reach;
        for (let j = 0; j < no && !near; j++)
          near = moved[j] === 1 && Math.hypot(p[a] - p[o + 3 * j], p[a + 1] - p[o + 3 * j + 1]) < reach;
        if (near) moved[i] = 1;
        else p.copyWithin(b, a, a + 3);
      }
  }

  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    this.kinematic.actionsFromPath(from, reference, H, a, ia);
  }

  /** Arrays for as many rollouts as r holds, allocated once. */
  private reserve(r: Rollouts): Buffers {
    const { dim, H, F, W, samples: S, objects } = this;
    if (this.buffers?.rows === r.K * S) return this.buffers;
    if (r.dim !== dim || r.no !== objects.length || r.S !== S)
      throw new RangeError(
        `rollouts: got ${r.dim} latents, ${r.no} objects, ${r.S} draws, want ${dim}, ${objects.length}, ${S}`,
      );
    const rows = r.K * S;
    const z0 = new Float32Array(dim);
    const u = new Float32Array(rows * (H + 1) * F);
    const w = new Float32Array(rows * H * W);
    const z = new Float32Array(rows * (H + 1) * dim);
    const predicted = new Float32Array(rows * (H + 1) * objects.length * 3);
    const spread = new Float32Array(rows * (H + 1));
    const graph = this.model.predictor.bind(W > 0 ? { z0, u, w } : { z0, u }, { z, objects: predicted, spread }, rows);
    const run = (n: number): Promise<void> => {
      if (W > 0) for (let k = 0; k < n; k += S) w.set(this.w, k * H * W);
      return graph(n);
    };
    return (this.buffers = { rows, z0, u, z, objects: predicted, spread, run });
  }
}

interface Buffers {
  readonly rows: number; // K·S
  readonly z0: Float32Array; // [dim]
  readonly u: Float32Array; // [K,S,H+1,F]
  readonly z: Float32Array; // [K,S,H+1,dim]
  readonly objects: Float32Array; // [K,S,H+1,no,3]
  readonly spread: Float32Array; // [K,S,H+1]
  run(rows: number): Promise<void>;
}

/** Of rows [H+1,size] the first h+1 steps. */
function unpad(
  out: Float32Array | Float64Array,
  x: Float32Array,
  rows: number,
  h: number,
  H: number,
  size: number,
): void {
  const wanted = (h + 1) * size;
  for (let i = 0; i < rows; i++) out.set(x.subarray(i * (H + 1) * size, i * (H + 1) * size + wanted), i * wanted);
}
