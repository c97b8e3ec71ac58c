import type { Rollouts } from "../../core/Rollouts.js";
import type { CostTerm } from "../CostTerm.js";

export interface ObjectDistanceOptions {
  readonly scale: number; // m: distances count in units of it
  readonly nearness: number; // weight of the tool's distance to where a push begins
  readonly standoff: number; // m from an object's centre to the tool that pushes it
  readonly height?: number; // m: where the tool pushes, if not at the objects' centres
  readonly running: number; // weight of the path, 1/s
  readonly terminal: number; // weight of the last state
}

/**
 * Objects at their goals, with guidance for the tool: for objects at p_i with goals g_i and the tool at x,
 *
 *     e(x) = Σ_i l_i + λ (l_i/d_i) ‖x − b_i‖,   d_i = ‖p_i − g_i‖,   l_i = max(0, d_i − δ_i),   b_i = p_i − R u_i,
 *     u_i = (g_i − p_i)/d_i E = (running · Δt · Σ_{h=1..H} e_h + terminal · e_H) / scale,   the mean over the
 *     random draws
 *
 * The second term (nearness) leads the tool to the far side of an object, from where it can push it toward its goal.
 * Without it a search of few steps never touches an object. An object nearer than δ_i has no energy: otherwise the
 * errors of read-outs and predictions would outweigh the remaining goals. Distances are in the plane of the table, b's
 * height is `height` if given.
 */
export class ObjectDistance implements CostTerm {
  readonly name = "objects";

  /**
   * @param goal [no,3] m, base frame; NaN: that object may be anywhere
   * @param done δ [no], m: an object nearer than this is at its goal
   */
  constructor(
    private readonly goal: Float64Array,
    private readonly done: Float64Array,
    private readonly o: ObjectDistanceOptions,
  ) {}

  evaluate(r: Rollouts, out: Float64Array, K: number): void {
    const { running, terminal, scale } = this.o;
    for (let k = 0; k < K; k++) {
      let sum = 0,
        ends = 0;
      for (let s = 0; s < r.S; s++) {
        let last = 0;
        for (let h = 1; h <= r.H; h++) {
          last = this.at(r, k, s, h);
          sum += last;
        }
        ends += last;
      }
      out[k] = (running * r.dt * sum + terminal * ends) / (scale * r.S);
    }
  }

  private at({ H, N, S, substeps, no, objects: p, tool }: Rollouts, k: number, s: number, h: number): number {
    const { goal: g, done, o } = this;
    const t = 12 * (k * N + h * substeps);
    let e = 0;
    for (let i = 0; i < no; i++) {
      const a = 3 * (((k * S + s) * (H + 1) + h) * no + i);
      const dx = g[3 * i] - p[a],
        dy = g[3 * i + 1] - p[a + 1];
      const d = Math.sqrt(dx * dx + dy * dy);
      // a NaN goal has no energy; an object at NaN is nowhere
      if (d <= done[i] || g[3 * i] !== g[3 * i]) continue;
      const back = o.standoff / d;
      const x = tool[t + 3] - p[a] + back * dx,
        y = tool[t + 7] - p[a + 1] + back * dy,
        z = tool[t + 11] - (o.height ?? p[a + 2]);
      e += (d - done[i]) * (1 + (o.nearness / d) * Math.sqrt(x * x + y * y + z * z));
    }
    return e;
  }
}
