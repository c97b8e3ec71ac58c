import type { JointLimits } from "../core/JointLimits.js";
import { Rollouts } from "../core/Rollouts.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { Guardrail } from "./Guardrail.js";
import type { PathSweep } from "./Shield.js";

const SLACK = { m: 1e-3, rad: 2e-3, Nm: 0 }; // by which the enclosure of a slow motion may overestimate what it does
const ENOUGH = 2; // slacks of margin at which a retreat ends
const CALM = 0.1; // of the velocity limits: how fast a retreat is
const PROBE = 1e-4; // rad, for the margin's gradient

/**
 * The way out of a violation that is there already: an arm measured 2 mm inside a clearance, a keep-out that a task lays over it. Every path
 * begins in violation then, and without a way out the arm would be stuck for ever.
 *
 * Let m(x) be a guardrail's margin of standing still at x, x₀ a path's start, x₁ its end. A path mends iff m(x₀) < 0 and
 *
 *     m(x₁) > max(m(x₀), f)   and   margin(path) ≥ max(m(x₀), f) − slack,      f = the greatest m(x₀) since the arm last stood still
 *
 * so the margin at rest grows from stop to stop, and no path is worse than the best state so far by more than the slack. Guardrails that are
 * not `escapable` (people) never allow it: there, to stop is right.
 */
export class Escape {
  private readonly floor: Float64Array; // [guardrails] f
  private readonly ends: Rollouts; // start and end, standing still
  private readonly probes: Rollouts; // [2·nq] one joint turned a little, either way
  private readonly margins: Float64Array;

  constructor(
    private readonly limits: JointLimits,
    private readonly sweep: PathSweep,
    private readonly guardrails: readonly Guardrail[],
    dt: Seconds,
  ) {
    const n = limits.lo.length;
    this.floor = new Float64Array(guardrails.length).fill(-Infinity);
    this.ends = new Rollouts(2, 0, 1, dt, 0, n, sweep.nc, 0);
    this.probes = new Rollouts(2 * n, 0, 1, dt, 0, n, sweep.nc, 0);
    this.margins = new Float64Array(2 * n);
  }

  /** Whether a path that breaks guardrail g by `margin` is a way out of a violation. */
  mends(g: number, path: Rollouts, margin: number): boolean {
    const { ends, floor, margins, guardrails } = this;
    if (!guardrails[g].escapable) return false;
    const n = path.nq;
    let still = true;
    for (let j = 0; j < n; j++) {
      ends.q[j] = path.q[j];
      ends.q[n + j] = path.q[(path.N - 1) * n + j];
      still &&= path.v[j] === 0;
    }
    ends.from = path.from;
    this.sweep.fill(ends);
    guardrails[g].margin(ends, margins, 2);
    const m0 = margins[0], m1 = margins[1];
    if (!(m0 < 0)) return false;
    floor[g] = still ? m0 : Math.max(m0, floor[g]);
    return m1 > floor[g] && margin >= floor[g] - SLACK[guardrails[g].unit];
  }

  /** Fills w with a slow velocity up the gradient of the worst margin that standing at q breaks. @returns whether there is one */
  wish(w: Float64Array, q: Float64Array, from: State): boolean {
    const { guardrails, margins, probes, ends } = this;
    const n = q.length;
    for (let j = 0; j < n; j++) ends.q[j] = ends.q[n + j] = q[j];
    ends.from = probes.from = from;
    this.sweep.fill(ends);
    let worst = -1, least = 1;
    for (let g = 0; g < guardrails.length; g++) {
      if (!guardrails[g].escapable) continue;
      guardrails[g].margin(ends, margins, 1);
      const lack = margins[0] / SLACK[guardrails[g].unit] / ENOUGH;
      if (lack < least) (least = lack), (worst = g);
    }
    if (worst < 0) return false;
    for (let i = 0; i < 2 * n; i++) for (let j = 0; j < n; j++) probes.q[i * n + j] = q[j] + (i >> 1 === j ? (i % 2 === 0 ? PROBE : -PROBE) : 0);
    this.sweep.fill(probes);
    guardrails[worst].margin(probes, margins, 2 * n);
    let most = 0;
    for (let j = 0; j < n; j++) {
      w[j] = margins[2 * j] - margins[2 * j + 1];
      most = Math.max(most, Math.abs(w[j]) / this.limits.velocity[j]);
    }
    for (let j = 0; j < n; j++) w[j] *= CALM / most;
    return most > 0;
  }
}
