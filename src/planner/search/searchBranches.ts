import type { Rng } from "../../core/math/Rng.js";
import type { Problem, SearchOptions, Solution } from "./Search.js";

/** How a population of action sequences is drawn and evaluated. */
export interface PopulationOptions {
  readonly samples: number; // sequences per iteration, all branches together
  readonly iterations: number; // most, once a guardrail-keeping sequence is known; four times that before
  readonly branches: number; // alternatives pursued side by side: left and right of an obstacle
  readonly noise: number; // first standard deviation of normalised actions
  readonly min_noise: number; // least standard deviation
  readonly smoothing: number; // ρ of the noise in time: ε_h = ρ ε_{h−1} + √(1−ρ²) n_h
  // draw differences ε_h − ε_{h−1}, so that, if actions are displacements, way points move and the end stays
  readonly bridge: boolean;
  readonly tolerance: number; // relative improvement of the best energy that is worth another iteration
  readonly patience: number; // iterations without such an improvement before it stops
}

/** One alternative: a Gaussian over sequences and the best it has produced. */
export interface Branch {
  readonly mean: Float32Array; // [H·nu]
  readonly sigma: Float32Array; // [H·nu]
  readonly best: Float32Array; // [H·nu]
  energy: number; // of best
}

/** Refits one branch to the samples [first, last) just evaluated; `order` sorts those by energy. */
export type Refit = (branch: Branch, a: Float32Array, energy: Float64Array, order: Int32Array, dim: number) => void;

/**
 * The loop that the sampling searches share: evaluate the initial guesses, open a branch at each of the best distinct
 * ones, then draw, evaluate and refit until no iteration is worth its time. Anytime and adaptive: an easy problem stops
 * after one iteration, a problem without an admissible sequence goes on four times as long, and weak branches give
 * their samples to the strong.
 */
export async function searchBranches(
  p: Problem,
  o: SearchOptions,
  w: PopulationOptions,
  refit: Refit,
): Promise<Solution> {
  const dim = p.H * p.nu;
  let rollouts = 0;
  const evaluate = async (K: number): Promise<void> => {
    await p.evaluate(K);
    rollouts += K;
  };
  let branches = await openBranches(p, o, w, evaluate);
  let best = branches[0];
  const order = new Int32Array(p.K);
  let iterations = 0;
  let spent = 0;
  let idle = 0;
  for (; !o.haste && iterations < w.iterations * (best.energy < o.limit ? 1 : 4); iterations++) {
    const started = o.clock.now();
    if (started + spent > o.deadline) break;
    const before = best.energy;
    const each = Math.max(2, Math.floor(Math.min(w.samples, p.K) / branches.length));
    branches.forEach((b, i) => draw(p.a, i * each, each, b, p, w, o.rng));
    await evaluate(each * branches.length);
    branches.forEach((b, i) => {
      const ids = order.subarray(i * each, (i + 1) * each);
      for (let s = 0; s < each; s++) ids[s] = i * each + s;
      ids.sort((x, y) => p.energy[x] - p.energy[y]);
      if (p.energy[ids[0]] < b.energy) {
        b.energy = p.energy[ids[0]];
        b.best.set(p.a.subarray(ids[0] * dim, (ids[0] + 1) * dim));
      }
      refit(b, p.a, p.energy, ids, dim);
      for (let d = 0; d < dim; d++) b.sigma[d] = Math.max(w.min_noise, b.sigma[d]);
    });
    branches.sort((x, y) => x.energy - y.energy);
    best = branches[0];
    if (iterations % 2 === 1) branches = branches.slice(0, Math.max(1, branches.length >> 1));
    spent = o.clock.now() - started;
    idle = before - best.energy > w.tolerance * Math.abs(before) ? 0 : idle + 1;
    if (best.energy < o.limit && idle >= w.patience) {
      iterations++;
      break;
    }
  }
  return { a: best.best, energy: best.energy, iterations, rollouts };
}

/**
 * Evaluates the initial guesses, round after round while none keeps the guardrails, and opens a branch at the best
 * distinct ones.
 */
async function openBranches(
  p: Problem,
  o: SearchOptions,
  w: PopulationOptions,
  evaluate: (K: number) => Promise<void>,
): Promise<Branch[]> {
  const dim = p.H * p.nu;
  const all: Branch[] = [];
  const open = (a: Float32Array, energy: number): void => {
    all.push({ mean: a.slice(), best: a.slice(), sigma: new Float32Array(dim).fill(w.noise), energy });
  };
  for (let round = 0; ; round++) {
    const proposals = o.proposals(round);
    if (proposals === undefined) break;
    for (let done = 0; done < proposals.length;) {
      const K = Math.min(p.K, proposals.length - done);
      for (let k = 0; k < K; k++) p.a.set(proposals[done + k], k * dim);
      await evaluate(K);
      for (let k = 0; k < K; k++) open(proposals[done + k], p.energy[k]);
      done += K;
    }
    if (all.some((b) => b.energy < o.limit) || o.clock.now() > o.deadline) break;
  }
  if (all.length === 0) open(new Float32Array(dim), Infinity);
  all.sort((x, y) => x.energy - y.energy);
  const chosen: Branch[] = [];
  for (const b of all) {
    if (chosen.length === w.branches) break;
    if (chosen.every((c) => rms(c.mean, b.mean) > 0.5 * w.noise)) chosen.push(b);
  }
  return chosen;
}

/** Draws `count` sequences around a branch: its best, its mean, then noise that is correlated in time. */
function draw(
  a: Float32Array,
  first: number,
  count: number,
  b: Branch,
  p: Problem,
  w: PopulationOptions,
  rng: Rng,
): void {
  const { H, nu } = p;
  const dim = H * nu;
  a.set(b.best, first * dim);
  a.set(b.mean, (first + 1) * dim);
  const fresh = Math.sqrt(1 - w.smoothing * w.smoothing);
  for (let s = first + 2; s < first + count; s++) {
    for (let j = 0; j < nu; j++) {
      let noise = rng.normal();
      let before = 0;
      for (let h = 0, d = j; h < H; h++, d += nu) {
        if (h > 0) noise = w.smoothing * noise + fresh * rng.normal();
        if (w.bridge && h === H - 1) noise = 0;
        a[s * dim + d] = Math.max(-1, Math.min(1, b.mean[d] + b.sigma[d] * (noise - before)));
        if (w.bridge) before = noise;
      }
    }
  }
}

function rms(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / a.length);
}
