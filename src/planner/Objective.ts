import type { Obstruction } from "../core/Plan.js";
import { Rollouts } from "../core/Rollouts.js";
import type { State } from "../core/State.js";
import type { CostTerm } from "../cost/CostTerm.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";
import { culprit } from "./culprit.js";

/** A cost and its weight. */
export interface WeightedCost {
  readonly cost: CostTerm;
  readonly weight: number;
}

/**
 * Energies at or above this belong to paths that break a guardrail: worse than all that keep them, and ordered by the
 * size of the violation.
 */
export const FORBIDDEN = 1e6;
const WORST = 1e9;
const EDGE = 2e-3; // m: the enclosure of a slow motion between this planner's knots is too thick by about this

/**
 * What one level minimises:  E(path) = Σ_i w_i c_i(path) + w_m Σ_g max(0, 1 − m_g/d)²,  and FORBIDDEN·(1 + depth) if
 * a margin m_g < 0. The second sum keeps a distance d from the guardrails measured in metres, so that levels below have
 * room.
 *
 * For an arm that stands at the very edge, m_g < EDGE, every path would seem forbidden, also one that leads out,
 * because paths are enclosed too thickly. From there a path may seem to violate a guardrail as much as it would seem to
 * from EDGE. The safety filter, whose knots are finer, decides.
 */
export class Objective {
  private readonly out: Float64Array; // [K]
  private readonly margins: Float64Array; // [K]
  private readonly start: Rollouts; // standing still where plans begin
  private readonly lenience: Float64Array; // [guardrails] m
  private readonly barred: Uint8Array; // [K] whether a guardrail that is not about people objects
  private besieged = false; // people are too near even for an arm that stands still
  private otherwise = false; // a rollout evaluated since `begin` is barred by people alone

  constructor(
    readonly terms: readonly WeightedCost[],
    readonly guardrails: readonly Guardrail[],
    private readonly clearance: { readonly distance: number; readonly weight: number },
    K: number,
    private readonly sweep: PathSweep,
    nq: number,
  ) {
    this.start = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq, nc: sweep.nc });
    this.lenience = new Float64Array(guardrails.length);
    this.barred = new Uint8Array(K);
    this.out = new Float64Array(K);
    this.margins = new Float64Array(K);
  }

  /** Takes the state in which the plans to be evaluated begin. */
  begin(from: State): void {
    const { start, guardrails, margins, lenience } = this;
    start.q.set(from.q);
    start.from = from;
    this.sweep.fill(start);
    this.besieged = this.otherwise = false;
    for (const [g, guardrail] of guardrails.entries()) {
      guardrail.margin(start, margins, 1);
      if (guardrail.urgent && !(margins[0] >= 0)) this.besieged = true;
      lenience[g] =
        guardrail.escapable && guardrail.unit === "m" && margins[0] >= 0 ? Math.max(0, EDGE - margins[0]) : 0;
    }
  }

  /** Fills energy [0..K) of rollouts that guardrails evaluate. @param expected those that costs evaluate */
  evaluate(r: Rollouts, K: number, energy: Float64Array, expected = r): void {
    energy.fill(0, 0, K);
    for (const { cost, weight } of this.terms) {
      cost.evaluate(expected, this.out, K);
      for (let k = 0; k < K; k++) energy[k] += weight * this.out[k];
    }
    for (let k = 0; k < K; k++) if (!(energy[k] < FORBIDDEN)) energy[k] = 0.999 * FORBIDDEN;
    this.barred.fill(0, 0, K);
    for (const [g, guardrail] of this.guardrails.entries()) {
      guardrail.margin(r, this.margins, K, this.clearance.distance);
      for (let k = 0; k < K; k++) {
        const price = this.price(g, this.margins[k]);
        energy[k] += price;
        if (price >= FORBIDDEN && !guardrail.urgent) this.barred[k] = 1;
      }
    }
    for (let k = 0; k < K; k++) if (this.barred[k] === 0) this.otherwise = true;
    for (let k = 0; k < K; k++) if (!(energy[k] < WORST)) energy[k] = WORST;
  }

  /** The weighted energy of the first rollout by term, and that of its distance to the guardrails as `clearance`. */
  energies(r: Rollouts, expected = r): Record<string, number> {
    const by: Record<string, number> = {};
    for (const { cost, weight } of this.terms) {
      cost.evaluate(expected, this.out, 1);
      by[cost.name] = (by[cost.name] ?? 0) + weight * this.out[0];
    }
    by.clearance = 0;
    for (const [g, guardrail] of this.guardrails.entries()) {
      guardrail.margin(r, this.margins, 1, this.clearance.distance);
      by.clearance += this.price(g, this.margins[0]);
    }
    return by;
  }

  /**
   * Why the first rollout, the best if none is admissible, is not admissible; people, if some would be without
   * them.
   */
  obstruction(r: Rollouts): Obstruction | undefined {
    const people = this.besieged || this.otherwise;
    let worst: Guardrail | undefined,
      least = Infinity;
    for (const [g, guardrail] of this.guardrails.entries()) {
      if (people && !guardrail.urgent) continue;
      guardrail.margin(r, this.margins, 1, this.clearance.distance);
      const margin = this.margins[0];
      if ((people || this.price(g, margin) >= FORBIDDEN) && !(margin >= least)) ((worst = guardrail), (least = margin));
    }
    return (
      worst && {
        by: worst.name,
        who: culprit(worst, r, this.clearance.distance),
        margin: least,
        unit: worst.unit,
        people,
      }
    );
  }

  private price(g: number, margin: number): number {
    if (!(margin + this.lenience[g] >= 0)) return FORBIDDEN * (1 + Math.min(10, -margin || 10));
    const { distance, weight } = this.clearance;
    const lack = this.guardrails[g].unit === "m" ? 1 - margin / distance : 0;
    return lack > 0 ? weight * lack * lack : 0;
  }
}
