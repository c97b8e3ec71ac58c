import type { Rng } from "../../core/math/Rng.js";
import type { LearnedModel } from "../../worldmodel/learned/onnx/index.js";

const DRAWS = 32; // of the latent variable w, if the model has it

/** Where a model predicts the objects: for each draw of w, a mean and the read-out's standard deviation. */
export class Forecast {
  readonly samples: number; // S
  readonly objects: Float32Array; // [S,H+1,no,3] m
  readonly sigma: Float32Array; // [S,H+1,no,3] m
  private readonly z0: Float32Array;
  private readonly u: Float32Array; // [S,H+1,F]
  private readonly w: Float32Array; // [S,H,W]
  private readonly graph: (rows: number) => Promise<void>;

  constructor(private readonly model: LearnedModel) {
    const { noise: W, horizon: H, features: F, latent, objects } = model.manifest;
    const S = (this.samples = W > 0 ? DRAWS : 1);
    this.z0 = new Float32Array(latent.dim);
    this.u = new Float32Array(S * (H + 1) * F);
    this.w = new Float32Array(S * H * W);
    this.objects = new Float32Array(S * (H + 1) * objects.length * 3);
    this.sigma = new Float32Array(this.objects.length);
    const { z0, u, w } = this;
    this.graph = model.predictor.bind(
      W > 0 ? { z0, u, w } : { z0, u },
      { objects: this.objects, objects_sigma: this.sigma },
      S,
    );
  }

  /** @param z [dim]. @param postures φ(q) [F] of each model step from now; after the last of them the arm rests */
  async make(z: Float32Array, postures: readonly Float32Array[], rng: Rng): Promise<void> {
    const { horizon: H, features: F } = this.model.manifest;
    this.z0.set(z);
    for (let i = 0; i < this.samples * (H + 1); i++)
      this.u.set(postures[Math.min(i % (H + 1), postures.length - 1)], i * F);
    for (let i = 0; i < this.w.length; i++) this.w[i] = rng.normal();
    await this.graph(this.samples);
  }

  /** Means and standard deviations of object o in the plane after h steps, [S,2] m each. */
  of(o: number, h: number): { mean: Float64Array; sigma: Float64Array } {
    const { horizon: H, objects } = this.model.manifest;
    const pick = (x: Float32Array): Float64Array =>
      Float64Array.from(
        { length: 2 * this.samples },
        (_, i) => x[3 * (((i >> 1) * (H + 1) + h) * objects.length + o) + (i & 1)],
      );
    return { mean: pick(this.objects), sigma: pick(this.sigma) };
  }
}
