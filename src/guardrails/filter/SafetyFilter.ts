import type { Command } from "../../core/Command.js";
import type { JointLimits } from "../../core/JointLimits.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { FailSafePaths } from "./FailSafePaths.js";
import { Recovery } from "./Recovery.js";
import type { Guardrail } from "../Guardrail.js";
import type { PathSweep } from "./PathSweep.js";

/**
 * Decision of the safety filter: the request unchanged, a share of it, or the stored fail-safe trajectory. `by` names
 * the guardrail that objected.
 */
export interface Verdict {
  kind: "pass" | "limit" | "stop";
  by: string;
  margin: number; // of that guardrail for the request, in its unit
}

const BACKTRACKS = 3; // λ = 1, ½, ¼, ⅛, then the fail-safe trajectory
// λ = 1, ⅛, 1/64, 1/512 for an arm at rest: near an obstacle the enclosure of a step leaves room only for a tiny
// one
const FROM_REST = 8;

/**
 * The safety filter (obligations G1, G3, G4). A step leaves only if the step *and* the fail-safe trajectory after it
 * keep every guardrail. The command is the step with its fail-safe trajectory, so whatever happens next the arm comes
 * to rest on a path that was verified.
 *
 * Let x be the state last commanded and w_f the velocity of its own fail-safe trajectory. The request w is mapped into
 * the viable set W, then
 *   w_λ = w_f + λ(w − w_f),  λ = 1, ½, ¼ …       (1, ⅛ … at rest)
 * is tried. If all fail, or anything throws or is NaN, the stored fail-safe trajectory goes on. By induction it is
 * always verified. For the whole request two fail-safe trajectories are tried. In the first every joint brakes as hard
 * as possible. In the second all brake together, v(t) = w_λ (1 − t/T), if the first would leave the direction of
 * motion: with T the longest of their times, the joints go straight on. (Arms whose jerk is limited have only the
 * first.) `FailSafePaths` lays them. Every buffer is made once: a step allocates nothing. An arm that begins in
 * violation leaves it as `Recovery` allows.
 */
export class SafetyFilter {
  readonly verdict: Verdict = { kind: "pass", by: "", margin: Infinity };
  readonly margins: Float64Array; // [guardrails] of the last request or posture, to report
  private readonly laid: FailSafePaths;
  private readonly out = new Float64Array(1);
  private readonly recovery: Recovery;

  /** @throws RangeError if dt is no period, or a stop takes too many */
  constructor(
    limits: JointLimits,
    private readonly sweep: PathSweep,
    readonly guardrails: readonly Guardrail[],
    readonly dt: Seconds,
  ) {
    if (!(dt > 0 && dt < Infinity)) throw new RangeError(`dt: got ${dt} s, want a period above 0`);
    this.margins = new Float64Array(guardrails.length);
    this.laid = new FailSafePaths(limits, sweep.nc, dt);
    this.recovery = new Recovery(limits, sweep, guardrails, dt);
  }

  /**
   * Verifies one step from knot (q, v), the state commanded for `stamp`, toward velocity w.
   * @param a the acceleration there, rad/s²; needed if a joint's jerk is limited
   * @param from beliefs about people and things; its stamp dates them
   * @returns the command to send, its arrays valid until the next call, or undefined if only the stored fail-safe
   * trajectory remains (see `verdict`)
   */
  step(
    stamp: Seconds,
    q: Float64Array,
    v: Float64Array,
    w: Float64Array,
    from: State,
    a?: Float64Array,
  ): Command | undefined {
    const { verdict, laid } = this;
    this.pass(false);
    if (!(finite(q) && finite(v) && finite(w) && Number.isFinite(stamp) && Number.isFinite(from.stamp)))
      return this.stop("finite", NaN);
    if (laid.jerk !== undefined && (a === undefined || !finite(a))) return this.stop("finite", NaN);
    const clipped = !laid.request(q, v, a, w);
    try {
      for (let i = 0, scale = 1, less = atRest(v) ? FROM_REST : 2; i <= BACKTRACKS; i++, scale /= less) {
        const N = laid.lay(stamp, q, v, a, scale, from);
        if (N > laid.maxKnots) return this.stop("joint_limits", NaN);
        const first = i === 0,
          path = laid.paths[N];
        if (this.holds(path, from, first) || (first && laid.together(path) && this.holds(path, from, true, false))) {
          if (first) this.pass(clipped);
          const command = laid.commands[N];
          command.stamp = stamp;
          return command;
        }
      }
    } catch (error) {
      return this.stop(`exception: ${error instanceof Error ? error.message : String(error)}`, NaN);
    }
    verdict.kind = "stop";
    return undefined;
  }

  /**
   * The margins of an arm that stands at q, to report; nothing depends on them.
   * @returns `margins`, NaN for one that cannot be computed
   */
  stand(q: Float64Array, from: State): Float64Array {
    const { guardrails, margins, out, sweep } = this,
      path = this.laid.paths[2];
    for (let i = 0; i < path.N; i++) path.q.set(q, i * q.length);
    path.v.fill(0, 0, path.N * q.length);
    path.drive?.begin.fill(0);
    path.drive?.end.fill(0);
    path.exposure.fill(0, 0, path.N);
    path.from = from;
    margins.fill(NaN);
    try {
      sweep.fill(path);
      for (let g = 0; g < guardrails.length; g++) {
        guardrails[g].margin(path, out, 1);
        margins[g] = out[0];
      }
    } catch {} // a step with the same fault is stopped, and reports why
    return margins;
  }

  /**
   * The way out of a violation at rest: the velocity to request, in w; false if there is none or nothing to fix.
   * See `Recovery`.
   */
  recover(w: Float64Array, q: Float64Array, from: State): boolean {
    return this.recovery.requested(w, q, from);
  }

  /**
   * @param told whether this is the whole request, whose margins are reported
   * @param all of them, even after one that objects
   */
  private holds(path: Rollouts, from: State, told: boolean, all = told): boolean {
    path.from = from;
    this.sweep.fill(path);
    let safe = true;
    for (let g = 0; g < this.guardrails.length; g++) {
      // constants both: a number chosen between them would be boxed
      if (told) this.guardrails[g].margin(path, this.out, 1, Infinity);
      else this.guardrails[g].margin(path, this.out, 1, 0);
      const margin = this.out[0];
      if (told) this.margins[g] = margin;
      if (margin >= 0 || this.recovery.recovers(g, path)) continue;
      this.object(this.guardrails[g].name, margin);
      safe = false;
      if (!all) return false;
    }
    return safe;
  }

  /** Nothing objects to the request so far, neither to all of it nor to what the joint limits leave. */
  private pass(clipped: boolean): void {
    const { verdict } = this;
    verdict.kind = clipped ? "limit" : "pass";
    verdict.by = clipped ? "joint_limits" : "";
    verdict.margin = clipped ? 0 : Infinity;
  }

  private stop(by: string, margin: number): undefined {
    const { verdict } = this;
    verdict.kind = "stop";
    verdict.by = by;
    verdict.margin = margin;
  }

  /** Stores the first objection; one of a guardrail counts more than one of the joint limits. */
  private object(by: string, margin: number): void {
    const { verdict } = this;
    if (verdict.by === "" || (verdict.by === "joint_limits" && by !== "joint_limits")) {
      verdict.kind = "limit";
      verdict.by = by;
      verdict.margin = margin;
    }
  }
}

function atRest(v: Float64Array): boolean {
  for (let j = 0; j < v.length; j++) if (v[j] !== 0) return false;
  return true;
}

/** Whether all are finite; a sum of |x| is finite only if each is, or so large that it is no joint's. */
function finite(x: Float64Array): boolean {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += Math.abs(x[j]);
  return sum < Infinity;
}
