import { nearestTurn } from "../../core/math/nearestTurn.js";
import type { Plan } from "../../core/Plan.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { wayLength } from "../../core/math/wayLength.js";
import type { Residual } from "../../cost/Residual.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Guardrail } from "../../guardrails/Guardrail.js";
import { Descent } from "../search/Descent.js";
import { freeSegment, ROOM } from "../freeSegment.js";
import type { ProposalRequest, Proposer } from "./Proposer.js";
import { RrtConnect, type FreeSegment } from "./RrtConnect.js";
import { TimedPath } from "../TimedPath.js";

// descents for goal configurations, from different postures: at least, and at most while too few are admissible
const STARTS = [16, 400];
const ENDS = 6; // goal configurations kept
const ROUTES = 16,
  FEW = 4; // a round; in haste
const NODES = [400, 1200, 4000]; // maximum nodes of each search for a route, by round
const SLOWER = [0.5, 0.25]; // of full speed: past people there is often only a slow way
// near people, who will have moved before a long search is over
const BRIEF = { routes: 6, nodes: 150, paces: [1, 0.25] };

/**
 * Initial guesses of the top level. Straight paths to states that satisfy the goals, found by descent from here and
 * from random postures; and, while nothing admissible is known, routes found by random trees. The energies decide which
 * way round an obstacle is better.
 */
export class RouteProposer implements Proposer {
  private readonly descent: Descent;
  private readonly free: FreeSegment;
  private readonly trees: RrtConnect;
  private from!: State;
  private pace = 1; // at which `free` evaluates
  private ends: Float64Array[] = [];

  constructor(
    private readonly arm: Arm,
    private readonly goals: readonly Residual[],
    private readonly H: number,
    private readonly dt: Seconds,
    latency: Seconds,
    sweep: { readonly nc: number; fill(r: Rollouts, K?: number): void },
    guardrails: readonly Guardrail[],
  ) {
    this.descent = new Descent(arm, goals);
    this.free = freeSegment(arm, sweep, guardrails, { from: () => this.from, pace: () => this.pace, latency });
    this.trees = new RrtConnect(arm.limits, this.free);
  }

  propose(
    from: State,
    { warm, rng, round, haste = false, expired }: ProposalRequest,
  ): readonly Float64Array[] | undefined {
    this.from = from;
    this.pace = 1;
    if (round === 0) {
      const kept = this.kept(from, warm);
      this.ends = kept === undefined ? this.findEnds(from, warm, rng, haste, expired) : [kept];
      const routes = this.ends.map((end) => this.route([from.q, end]));
      if (warm !== undefined) routes.unshift(this.rest(warm, from.q));
      return routes.length > 0 ? routes : [this.route([from.q])];
    }
    if (round === 1 && warm !== undefined) this.ends = this.findEnds(from, warm, rng, haste, expired);
    if (this.ends.length === 0 || (haste && round > 1)) return undefined;
    if (from.bodies.length === 0)
      return round > NODES.length ? undefined : this.detours([1], haste ? FEW : ROUTES, NODES[round - 1], rng, expired);
    if (round === 1) return SLOWER.flatMap((pace) => this.ends.map((end) => this.route([from.q, end], pace)));
    return round > 2 ? undefined : this.detours(BRIEF.paces, BRIEF.routes, BRIEF.nodes, rng, expired);
  }

  /** Routes to each end in turn, at each pace, if the straight path, which was proposed before, is not free. */
  private detours(
    paces: readonly number[],
    tries: number,
    nodes: number,
    rng: Rng,
    expired: () => boolean,
  ): Float64Array[] {
    const { from, ends } = this;
    const routes: Float64Array[] = [];
    for (let i = 0; i < tries && !expired(); i++) {
      const end = ends[Math.floor(i / paces.length) % ends.length];
      this.pace = paces[i % paces.length];
      const points = this.free(from.q, end) ? undefined : this.trees.route(from.q, end, rng, nodes, expired);
      if (points !== undefined && points.length - 1 <= this.H) routes.push(this.route(points, this.pace));
    }
    return routes;
  }

  /**
   * The end of a plan that kept the guardrails, as long as it is admissible and satisfies the goals. If ends were drawn
   * anew with every plan, the arm would go from one to the other.
   */
  private kept(from: State, warm: Plan | undefined): Float64Array | undefined {
    if (warm?.feasible !== true || this.goals.length === 0) return undefined;
    const q = warm.q.slice(-this.arm.nq);
    return this.descent.solve(q, from) <= 1 && this.free(q, q) ? q : undefined;
  }

  /** Configurations of least goal residual, the nearest first: as found, and moved nearer. */
  private findEnds(
    from: State,
    warm: Plan | undefined,
    rng: Rng,
    haste: boolean,
    expired: () => boolean,
  ): Float64Array[] {
    if (this.goals.length === 0) return [];
    const { nq, home, kinds, limits } = this.arm;
    const found: { q: Float64Array; error: number; travel: number }[] = [];
    const known = [from.q, warm?.q.slice(-nq) ?? from.q, home];
    let good = 0;
    for (let i = 0; i < STARTS[0] || (good < ENDS && i < STARTS[1] && !haste && !expired()); i++) {
      const q = (known[i] ?? from.q).slice();
      if (i > 2) for (let j = 0; j < nq; j++) q[j] = rng.range(limits.lo[j], limits.hi[j]);
      const error = this.descent.solve(q, from);
      for (let j = 0; j < nq; j++)
        // the short way round
        if (kinds[j] === "continuous") q[j] = nearestTurn(q[j], from.q[j], limits.lo[j], limits.hi[j]);
      const admissible = error <= 1 && this.free(q, q);
      if (admissible) good++;
      found.push({ q, error: admissible ? error : 1 + error, travel: this.trees.travel(from.q, q) });
    }
    found.sort((a, b) => (a.error <= 1 ? 0 : a.error) - (b.error <= 1 ? 0 : b.error) || a.travel - b.travel);
    const ends: Float64Array[] = [];
    for (const { q, error } of found) {
      if (ends.length === ENDS || (error > 1 && ends.length > 0)) break;
      if (ends.every((e) => this.trees.travel(e, q) > 0.05)) ends.push(q);
    }
    const near = ends.map((q) => this.drawnNear(q, from));
    const distinct: Float64Array[] = [];
    for (const q of [...near, ...ends])
      if (q !== undefined && distinct.every((e) => this.trees.travel(e, q) > 0.05)) distinct.push(q);
    return distinct;
  }

  /**
   * A posture that satisfies the goals, moved toward where the arm is as far as the goals allow and it keeps its
   * clearance: part of the way back, of all joints or of one, and down to the goals again.
   */
  private drawnNear(end: Float64Array, from: State): Float64Array | undefined {
    // the shortest way out of a narrow place, or into one, may be too narrow to follow
    if (![from.q, end].every((x) => this.free(x, x, ROOM))) return undefined;
    const q = end.slice(),
      trial = end.slice();
    const draw = (back: (j: number) => number): boolean => {
      for (let j = 0; j < q.length; j++) trial[j] = q[j] + back(j) * (from.q[j] - q[j]);
      const nearer =
        this.descent.solve(trial, from) <= 1 &&
        this.length(from.q, trial) < this.length(from.q, q) - 1e-3 &&
        this.free(trial, trial, ROOM);
      if (nearer) q.set(trial);
      return nearer;
    };
    for (let back = 1, tries = 0; back > 0.1 && tries < 8; tries++) if (!draw(() => back)) back /= 2;
    for (let one = 0; one < q.length; one++) draw((j) => (j === one ? 1 : 0));
    return q;
  }

  private length(a: Float64Array, b: Float64Array): Seconds {
    return wayLength(a, 0, b, 0, this.arm.limits.velocity, a.length);
  }

  /** Way points as H steps at a pace, each leg a whole number of them so that corners are kept. */
  private route(points: readonly Float64Array[], pace = 1): Float64Array {
    const { H, dt } = this;
    const n = this.arm.nq;
    const legs = points.slice(1).map((p, i) => this.trees.travel(points[i], p) / pace);
    // no leg gets more steps at the end: a last plan may lead anywhere
    const steps = legs.map((t) => Math.max(1, Math.min(H, Math.ceil(t / dt - 1e-9))));
    for (let total = steps.reduce((a, b) => a + b, 0); total > H; total--) steps[steps.indexOf(Math.max(...steps))]--;
    const out = new Float64Array((H + 1) * n);
    out.set(points[0]);
    let h = 0;
    legs.forEach((travel, leg) => {
      for (let s = 1; s <= steps[leg]; s++) {
        const u = legs.length === 1 && travel > 0 ? Math.min(1, (s * dt) / travel) : s / steps[leg];
        for (let j = 0; j < n; j++)
          out[(h + s) * n + j] = points[leg][j] + (s === steps[leg] ? 1 : u) * (points[leg + 1][j] - points[leg][j]);
      }
      h += steps[leg];
    });
    for (; h < H; h++) out.copyWithin((h + 1) * n, h * n, (h + 1) * n);
    return out;
  }

  /** The rest of an earlier plan, from q: its way points that are still ahead. */
  private rest(plan: Plan, q: Float64Array): Float64Array {
    const { H } = this;
    const n = this.arm.nq;
    const path = new TimedPath(plan, this.arm.limits);
    const s = path.nearest(q);
    const points = [q];
    for (let h = 1; h <= plan.H; h++) {
      const point = plan.q.subarray(h * plan.substeps * n, (h * plan.substeps + 1) * n);
      const passed = path.nearest(point) <= s + 1e-3;
      if (!passed && this.trees.travel(points[points.length - 1], point) > 1e-4) points.push(point);
    }
    const out = new Float64Array((H + 1) * n);
    for (let h = 0; h <= H; h++) out.set(points[Math.min(h, points.length - 1)], h * n);
    if (points.length === 1) out.set(plan.q.subarray(plan.q.length - n), H * n);
    return out;
  }
}
