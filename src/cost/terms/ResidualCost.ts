import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";
import type { KnotView } from "../KnotView.js";
import type { Residual } from "../Residual.js";

/** How a residual is weighted along a path; see `ResidualCost`. */
export interface ResidualCostOptions {
  readonly name?: string;
  readonly running?: number; // weight of the path, 1/s
  readonly terminal?: number; // weight of the last state
}

/**
 * A residual as a cost over predicted paths, with the residual's blocks r_b in units of their tolerance:
 *
 *   E = running · Δt · Σ_{h=1..H} Σ_b ρ(‖r_b(x_h)‖) + terminal · Σ_b ρ(‖r_b(x_H)‖),   ρ(s) = √(1 + s²) − 1
 *
 * at the knots where actions end (t = hΔt), the mean over the random draws. ρ is the pseudo-Huber
 * loss with its bend at one tolerance: quadratic, so smooth, within it; linear far away, so that one far goal does not
 * outweigh the others (Charbonnier et al. 1997).
 */
export class ResidualCost implements CostTerm {
  readonly name: string;
  private readonly running: number;
  private readonly terminal: number;
  private readonly r: Float64Array; // [dim]
  private readonly x: KnotView;

  constructor(
    private readonly residual: Residual,
    { name = residual.name, running = 1, terminal = 1 }: ResidualCostOptions = {},
  ) {
    this.name = name;
    this.running = running;
    this.terminal = terminal;
    this.r = new Float64Array(residual.dim);
    const none = new Float64Array(0);
    this.x = {
      q: none,
      v: none,
      iq: 0,
      tool: none,
      it: 0,
      J: none,
      from: { stamp: 0, q: none, v: none, objects: new Map(), bodies: [] },
    };
  }

  evaluate(rollouts: Rollouts, out: Float64Array, K: number): void {
    const { H, N, S, substeps, dt, nq, no } = rollouts;
    const { x, residual, r } = this;
    x.q = rollouts.q;
    x.v = rollouts.v;
    x.tool = rollouts.tool;
    x.from = rollouts.from;
    const { predicted: ids, objects: positions } = rollouts;
    const predicted = (x.predicted = ids.length === 0 ? undefined : { ids, positions, ip: 0 });
    for (let k = 0; k < K; k++) {
      let sum = 0;
      let ends = 0;
      for (let s = 0; s < S; s++) {
        let last = 0;
        for (let h = 1; h <= H; h++) {
          const knot = k * N + h * substeps;
          x.iq = knot * nq;
          x.it = knot * 12;
          if (predicted !== undefined) predicted.ip = ((k * S + s) * (H + 1) + h) * no * 3;
          residual.evaluate(x, r);
          last = blockEnergy(residual.blocks, r);
          sum += last;
        }
        ends += last;
      }
      const energy = (this.running * dt * sum + this.terminal * ends) / S;
      // an expression without a value (a root of a negative …) costs the most
      out[k] = energy === energy ? energy : Infinity;
    }
  }
}

/** Σ_b ρ(‖r_b‖). */
export function blockEnergy(blocks: readonly number[], r: Float64Array): number {
  let energy = 0;
  let i = 0;
  for (let b = 0; b < blocks.length; b++) {
    let s2 = 0;
    for (const end = i + blocks[b]; i < end; i++) s2 += r[i] * r[i];
    energy += s2 / (Math.sqrt(1 + s2) + 1); // = √(1 + s²) − 1 without cancellation
  }
  return energy;
}

/** The largest block norm: the residual's goal holds iff it is ≤ 1 (NaN never does). */
export function worstBlock(blocks: readonly number[], r: Float64Array): number {
  let worst = 0;
  let i = 0;
  for (let b = 0; b < blocks.length; b++) {
    let s2 = 0;
    for (const end = i + blocks[b]; i < end; i++) s2 += r[i] * r[i];
    const norm = Math.sqrt(s2);
    if (!(norm <= worst)) worst = norm;
    if (norm !== norm) return NaN;
  }
  return worst;
}
