import type { JointLimits } from "../../core/JointLimits.js";
import { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Guardrail } from "../Guardrail.js";
import { commonAscent } from "./commonAscent.js";
import type { PathSweep } from "./PathSweep.js";

// by which the enclosure of a slow motion may overestimate its violation
const SLACK = { m: 1e-3, rad: 2e-3, Nm: 0, N: 0, "Nm or N": 0 };
const ENOUGH = 2; // slacks of margin at which a recovery ends
const CALM = 0.1; // of the velocity limits: how fast a recovery is
const PROBE = 1e-4; // rad, for the margin's gradient
const ROUNDING = 1e-12; // of a margin, from stop to stop, for a part that does not move
const MOST = 32; // parts that a recovery handles at once

/**
 * The way out of a violation at the start: an arm measured 2 mm inside a clearance, or a task that lays a keep-out over
 * it. Every path then begins in violation, and without recovery the arm would be stuck for ever.
 *
 * Let m_p(x) be the margin of standing still at x of part p of a guardrail (a link and a shape, two links …), x₀ a
 * path's start, x₁ its end. A path recovers if and only if for each part that it breaks
 *
 *     m_p(x₀) < 0,   m_p(x₁) ≥ f_p   and   margin_p(path) ≥ f_p − slack,      f_p = the greatest m_p(x₀) since the arm
 *     last stood still, that included
 *
 * and m_p(x₁) > f_p for at least one of them. So from stop to stop no part's margin falls and one grows, and no path is
 * worse than the best state so far by more than the slack. To be inside one shape, or with one link, allows nothing
 * inside another. A violation in motion, where the arm has not stood since, is not excused: the arm brakes first.
 * Guardrails that are not `escapable` (people) never allow it: there, to stop is right. Parts are evaluated only if
 * a guardrail is broken and was so at the path's start.
 */
export class Recovery {
  // [guardrails][parts]; the whole guardrail if it keeps only one thing
  private readonly parts: readonly (readonly Guardrail[])[];
  // [guardrails][parts] f; Infinity: the arm has not stood still in violation of it, so nothing in motion is excused
  private readonly floors: readonly Float64Array[];
  private readonly ends: Rollouts; // start and end, standing still
  private readonly probes: Rollouts; // [2·nq] one joint moved a little, either way
  private readonly margins: Float64Array;
  private readonly path = new Float64Array(1);
  private readonly ascents: Float64Array; // [MOST,nq] gradients of the parts that a recovery handles, by slack

  constructor(
    private readonly limits: JointLimits,
    private readonly sweep: PathSweep,
    private readonly guardrails: readonly Guardrail[],
    dt: Seconds,
  ) {
    const n = limits.lo.length;
    this.parts = guardrails.map((g) => g.parts?.() ?? [g]);
    this.floors = this.parts.map((parts) => new Float64Array(parts.length).fill(Infinity));
    this.ends = new Rollouts({ K: 2, H: 0, substeps: 1, dt, nq: n, nc: sweep.nc });
    this.probes = new Rollouts({ K: 2 * n, H: 0, substeps: 1, dt, nq: n, nc: sweep.nc });
    this.margins = new Float64Array(2 * n);
    this.ascents = new Float64Array(MOST * n);
  }

  /** Whether a path that breaks guardrail g recovers from a violation. */
  recovers(g: number, path: Rollouts): boolean {
    const { ends, margins, guardrails } = this;
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
    if (!(margins[0] < 0)) return false;
    const parts = this.parts[g],
      floors = this.floors[g],
      slack = SLACK[guardrails[g].unit];
    let good = true,
      grows = false;
    for (let p = 0; p < parts.length && good; p++) {
      parts[p].margin(path, this.path, 1, 0); // only whether the part is kept is needed
      if (this.path[0] >= 0) continue;
      parts[p].margin(ends, margins, 2);
      const m0 = margins[0],
        m1 = margins[1];
      const floor = (floors[p] = still ? m0 : Math.max(m0, floors[p]));
      good = m0 < 0 && m1 >= floor - ROUNDING && this.path[0] >= floor - slack;
      grows ||= m1 > floor;
    }
    return good && grows;
  }

  /**
   * Fills w with a slow velocity that fixes everything that standing at q violates. If nothing is violated, it leads
   * away from everything that is too near to leave room for a step.
   * @returns whether there is one
   */
  requested(w: Float64Array, q: Float64Array, from: State): boolean {
    const { probes, ends, ascents } = this;
    const n = q.length;
    for (let j = 0; j < n; j++) ends.q[j] = ends.q[n + j] = q[j];
    ends.from = probes.from = from;
    this.sweep.fill(ends);
    const worst = this.least();
    if (!(worst < ENOUGH)) return false;
    for (let i = 0; i < 2 * n; i++) {
      for (let j = 0; j < n; j++) probes.q[i * n + j] = q[j];
      probes.q[i * n + (i >> 1)] += i % 2 === 0 ? PROBE : -PROBE;
    }
    this.sweep.fill(probes);
    const count = this.climb(worst < 0 ? 0 : ENOUGH);
    if (!commonAscent(w, ascents, count)) return false;
    let most = 0;
    for (let j = 0; j < n; j++) most = Math.max(most, Math.abs(w[j]) / this.limits.velocity[j]);
    for (let j = 0; j < n; j++) w[j] *= CALM / most;
    return most > 0;
  }

  /** The least margin of standing at `ends`, in slacks, of those that recovery may fix. */
  private least(): number {
    const { guardrails, ends, margins } = this;
    let worst = Infinity;
    for (let g = 0; g < guardrails.length; g++) {
      if (!guardrails[g].escapable) continue;
      guardrails[g].margin(ends, margins, 1);
      worst = Math.min(worst, margins[0] / SLACK[guardrails[g].unit]);
    }
    return worst;
  }

  /** Fills `ascents` with the gradients of all parts whose margin is less than so many slacks. @returns their number */
  private climb(below: number): number {
    const { guardrails, parts, probes, ends, margins, ascents } = this,
      n = probes.nq;
    let count = 0;
    for (let g = 0; g < guardrails.length; g++) {
      if (!guardrails[g].escapable) continue;
      guardrails[g].margin(ends, margins, 1);
      const slack = SLACK[guardrails[g].unit];
      if (margins[0] >= below * slack) continue;
      for (let p = 0; p < parts[g].length && count < MOST; p++) {
        parts[g][p].margin(ends, margins, 1);
        if (margins[0] >= below * slack) continue;
        parts[g][p].margin(probes, margins, 2 * n);
        let size = 0;
        for (let j = 0; j < n; j++)
          size = Math.max(size, Math.abs((ascents[count * n + j] = (margins[2 * j] - margins[2 * j + 1]) / slack)));
        if (size > 0) count++; // a part that no joint changes is neither fixed nor made worse
      }
    }
    return count;
  }
}
