import type { Residual } from "../cost/Residual.js";
import { ResidualCost } from "../cost/terms/ResidualCost.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import type { Arm } from "../kinematics/Arm.js";
import { Sweep } from "../kinematics/Sweep.js";
import { Level } from "../planner/hierarchy/Level.js";
import { Objective, type WeightedCost } from "../planner/Objective.js";
import { RouteProposer } from "../planner/proposals/RouteProposer.js";
import { Cem } from "../planner/search/Cem.js";
import type { Search } from "../planner/search/Search.js";
import type { Predictor } from "../worldmodel/Predictor.js";

/** What a level of your own is made of. */
export interface LevelChoice {
  readonly arm: Arm;
  readonly model: Predictor;
  readonly horizon: number; // actions
  readonly goals: readonly Residual[]; // what shall hold at the end of the horizon
  readonly costs?: readonly WeightedCost[]; // what else is wanted; default: nothing
  readonly guardrails?: readonly Guardrail[]; // what every plan must keep; default: none
  readonly clearance?: { readonly distance: number; readonly weight: number }; // m, softly kept to them; default: none
  readonly search?: Search; // default: the cross-entropy method, with what `default.yaml` has for its upper level
  readonly samples?: number; // most sequences that the search asks for at once; default: 96
  readonly name?: string;
}

const TERMINAL = 100; // weight of the goals at the end of the horizon
const LATENCY = 0.04; // s, until a new command can brake

/** The cross-entropy method, where no search is named. */
const cem = (samples: number): Search =>
  new Cem({
    samples,
    iterations: 12,
    branches: 4,
    elites: 0.1,
    noise: 0.1,
    min_noise: 0.01,
    smoothing: 0.6,
    bridge: true,
    tolerance: 0.02,
    patience: 4,
  });

/**
 * A level of your own: it plans the actions of least energy over any model, E = Σ goals + Σ_i w_i c_i, among those
 * whose paths keep the guardrails. A level alone moves nothing.
 */
export function createLevel({
  arm,
  model,
  horizon,
  goals,
  costs = [],
  guardrails = [],
  clearance = { distance: 1e-3, weight: 0 },
  samples = 96,
  search = cem(samples),
  name = "level",
}: LevelChoice): Level {
  const sweep = new Sweep(arm),
    wanted = goals.map((goal) => ({ cost: new ResidualCost(goal, { terminal: TERMINAL }), weight: 1 }));
  return new Level({
    name,
    H: horizon,
    K: samples,
    nq: arm.nq,
    nc: sweep.nc,
    dim: 0,
    predictor: model,
    objective: new Objective([...wanted, ...costs], guardrails, clearance, samples, sweep, arm.nq),
    search,
    proposer: new RouteProposer(arm, goals, horizon, model.dt, LATENCY, sweep, guardrails),
  });
}
