import type { Image } from "../core/Observation.js";
import type { Seconds } from "../core/Seconds.js";
import { solvePositive } from "../core/math/solvePositive.js";
import type { LearnedModel } from "../worldmodel/learned/onnx/index.js";
import { ImageEncoder, type Encoding } from "./ImageEncoder.js";
import { warp, WARP } from "./warp.js";

/** A picture, and the arm's posture when it was taken. */
interface View {
  readonly image: Uint8Array; // rgb [height,width,3]
  readonly posture: Float32Array; // φ(q) [F]
}

// spread of each parameter of a warp if a camera is moved by a centimetre and a degree
const SPREAD = [0.04, 0.04, 0.006, 0.01, 0.006, 0.008, 0.002, 0.002];
const SHIFT = 0.1,
  MOST = 5; // of the first grid search, halves of the height: −5 … 5 steps of a tenth, right and down
const STEP = 0.02; // of the differences
const OUTLIER = 30; // C: energy from which on a view counts little
// energy of a view above which the camera may have moved; read-outs as good as in training give half their number, 5
const SURPRISED = 20;
const EXPLAINED = 15; // below which a view counts as explained
const VIEWS = 8; // kept
const APART = 0.03; // m, of the tool between two views
const PAUSE: Seconds = 1,
  LONGEST: Seconds = 64; // wait after a failed search, doubled each time
const BATCH = 32;
const LARGEST = 128 * 128; // pixels of an image that is searched with; a search takes some hundred encodings

/**
 * Estimates how the camera's pose differs from its pose in training. The arm, whose posture is known, is the
 * calibration target: perception as search for the least energy.
 *
 *     E(p) = Σ_views C log(1 + e_v(p)/C) + (1 + n)/2 log(1 + Σ_i (p_i/s_i)²),    e_v(p) = ½ Σ_k
 *     ((h_k(f(warp_p(image_v))) − y_k)/σ_k)²
 *
 * h_k are the read-outs of tool and joints, y_k the measurements, σ_k the errors in the manifest; p is a warp of the
 * picture (`warp`), n numbers, with Student's distribution as prior: a camera stands where it stood, or anywhere. There
 * is no search while the read-outs fit the measured arm, and no change unless they fit after it. A grid of shifts is
 * followed by Gauss–Newton steps. The warp is right for objects about as far away as the arm's hand.
 */
export class Registration {
  private readonly sigma: { readonly tool: number; readonly joints: number } | undefined; // m, rad
  private readonly encoder: ImageEncoder;
  private readonly canvas: Uint8Array[];
  private views: View[] = [];
  private p: readonly number[] = new Array(WARP).fill(0);
  private next: Seconds = -Infinity;
  private pause = PAUSE;

  constructor(private readonly model: LearnedModel) {
    const { image, metrics } = model.manifest;
    const told = (what: string): number =>
      Number((metrics as Record<string, unknown> | undefined)?.[`${what}: read-out error`]);
    const [tool, joints] = [told("tool"), told("joints")];
    this.sigma = tool > 0 && joints > 0 && image.width * image.height <= LARGEST ? { tool, joints } : undefined;
    const most = this.sigma === undefined ? 1 : BATCH;
    this.encoder = new ImageEncoder(model, most);
    this.canvas = Array.from({ length: most }, () => new Uint8Array(image.width * image.height * 3));
  }

  /** Whether the camera is estimated to have been moved. */
  get moved(): boolean {
    return this.p.some((x) => x !== 0);
  }

  /**
   * The image as from the camera's pose in training: the image itself if the camera has not moved, else an array that
   * the next call overwrites.
   */
  straighten<I extends Image>(image: I): I {
    if (!this.moved) return image;
    warp(this.canvas[0], image.data, image, this.p);
    return { ...image, data: this.canvas[0] };
  }

  /**
   * Evaluates an image by its read-outs.
   * @param image as the camera took it. @param encoding of the warped image. @param posture φ(q) [F] at its instant
   * @returns whether the estimate of the camera's pose has changed
   */
  async evaluate({ stamp, data }: Image, encoding: Encoding, posture: Float32Array): Promise<boolean> {
    if (this.sigma === undefined) return false;
    const energy = half(this.residual(encoding, 0, posture));
    if (energy <= SURPRISED && !this.moved) return false;
    const view = { image: data, posture };
    if (energy <= EXPLAINED) this.keep(view);
    if (energy <= SURPRISED || (stamp < this.next && stamp >= this.next - LONGEST)) return false;
    const found = await this.search(view);
    this.pause = found ? PAUSE : Math.min(2 * this.pause, LONGEST);
    this.next = stamp + this.pause;
    return found;
  }

  /**
   * Continues from the present estimate, with all views. If that does not explain the newest view, restarts with that
   * view alone.
   * @returns whether it is explained now
   */
  private async search(view: View): Promise<boolean> {
    const all = [...this.views, view],
      one = [view];
    let p = await this.descend(all, this.p);
    if (this.views.length === 0 || !((await this.energies(one, [p]))[0][0] <= EXPLAINED))
      p = await this.descend(one, await this.around(view));
    const [now, then] = await this.energies(one, [p, this.p]);
    if (!(now[0] <= EXPLAINED && total(now, p) < total(then, this.p))) return false;
    const explained = (await this.energies(all, [p]))[0];
    this.views = all.filter((_, i) => explained[i] <= EXPLAINED);
    this.p = p;
    return true;
  }

  private keep(view: View): void {
    if (
      this.views.some(
        ({ posture }) =>
          Math.hypot(posture[0] - view.posture[0], posture[1] - view.posture[1], posture[2] - view.posture[2]) < APART,
      )
    )
      return;
    this.views.push(view);
    if (this.views.length > VIEWS) this.views.shift();
  }

  /** The best of a grid of shifts. */
  private async around(view: View): Promise<readonly number[]> {
    const grid: number[][] = [];
    for (let x = -MOST; x <= MOST; x++)
      for (let y = -MOST; y <= MOST; y++) grid.push([x * SHIFT, y * SHIFT, ...new Array(WARP - 2).fill(0)]);
    return this.best([view], grid);
  }

  private async best(views: readonly View[], candidates: readonly (readonly number[])[]): Promise<readonly number[]> {
    const E = (await this.energies(views, candidates)).map((e, i) => total(e, candidates[i]));
    return candidates[E.reduce((best, e, i) => (e < E[best] ? i : best), 0)];
  }

  /**
   * Gauss–Newton on E, views and prior weighted by the slopes of their logarithms, the best of four lengths of each
   * step.
   */
  private async descend(views: readonly View[], from: readonly number[], steps = 5): Promise<readonly number[]> {
    let p = from;
    for (let k = 0; k < steps; k++) {
      const around = SPREAD.flatMap((_, i) => [1, -1].map((s) => p.map((x, j) => (i === j ? x + s * STEP : x))));
      const [r, ...off] = await this.residuals(views, [p, ...around]);
      const A = new Float64Array(WARP * WARP),
        d = Float64Array.from(SPREAD, (s, i) => (-weight(p) * p[i]) / s ** 2);
      SPREAD.forEach((s, i) => (A[i * WARP + i] = weight(p) / s ** 2));
      r.forEach((residual, v) => {
        const w = 1 / (1 + half(residual) / OUTLIER);
        residual.forEach((x, k) => {
          const J = SPREAD.map((_, i) => (off[2 * i][v][k] - off[2 * i + 1][v][k]) / (2 * STEP));
          for (let i = 0; i < WARP; i++) {
            d[i] -= w * J[i] * x;
            for (let j = 0; j <= i; j++) A[i * WARP + j] += w * J[i] * J[j];
          }
        });
      });
      if (!solvePositive(A, d, WARP)) break;
      const then = await this.best(views, [p, ...[1, 0.5, 0.25, 0.1].map((t) => p.map((x, i) => x + t * d[i]))]);
      if (then === p) break;
      p = then;
    }
    return p;
  }

  /** e_v(p) of every warp and view. */
  private async energies(views: readonly View[], warps: readonly (readonly number[])[]): Promise<number[][]> {
    return (await this.residuals(views, warps)).map((all) => all.map(half));
  }

  /** Read-outs less measurements, each divided by its spread, of every warp and view. */
  private async residuals(views: readonly View[], warps: readonly (readonly number[])[]): Promise<number[][][]> {
    const all = warps.map((): number[][] => []);
    const jobs = warps.flatMap((p, i) => views.map((view) => ({ p, view, into: all[i] })));
    for (let at = 0; at < jobs.length; at += BATCH) {
      const batch = jobs.slice(at, at + BATCH);
      batch.forEach(({ p, view }, i) => warp(this.canvas[i], view.image, this.model.manifest.image, p));
      const encoding = await this.encoder.encode(this.canvas.slice(0, batch.length));
      batch.forEach(({ view, into }, i) => into.push(this.residual(encoding, i, view.posture)));
    }
    return all;
  }

  private residual({ tool, joints }: Encoding, row: number, posture: Float32Array): number[] {
    const {
      joints: { length: n },
    } = this.model.manifest;
    const sigma = this.sigma!;
    const out: number[] = [];
    for (let c = 0; c < 3; c++) out.push((tool[3 * row + c] - posture[c]) / sigma.tool);
    for (let j = 0; j < n; j++) {
      const q = joints[row * n + j],
        s = posture[3 + j],
        c = posture[3 + n + j];
      out.push(Math.atan2(Math.sin(q) * c - Math.cos(q) * s, Math.cos(q) * c + Math.sin(q) * s) / sigma.joints);
    }
    return out;
  }
}

/** E(p) from the energies of the views. */
function total(energies: readonly number[], p: readonly number[]): number {
  return (
    energies.reduce((sum, e) => sum + OUTLIER * Math.log1p(e / OUTLIER), 0) + 0.5 * (1 + WARP) * Math.log1p(moved(p))
  );
}

const moved = (p: readonly number[]): number => p.reduce((sum, x, i) => sum + (x / SPREAD[i]) ** 2, 0);

/** Weight of the prior, by the slope of its logarithm. */
const weight = (p: readonly number[]): number => (1 + WARP) / (1 + moved(p));

const half = (residual: readonly number[]): number => 0.5 * residual.reduce((sum, x) => sum + x * x, 0);
