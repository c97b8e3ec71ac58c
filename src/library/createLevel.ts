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

/** The parts of your own level. */
export interface LevelChoice {
  readonly arm: Arm;
  readonly model: Predictor;
  readonly horizon: number; // actions
  readonly goals: readonly Residual[]; // goals at the end of the horizon
  readonly costs?: readonly WeightedCost[]; // preferences; default: none
  readonly guardrails?: readonly Guardrail[]; // bounds of every plan; default: none
  readonly clearance?: { readonly distance: number; readonly weight: number }; // m, softly kept to them; default: none
  readonly search?: Search; // default: the cross-entropy method, with the values of the upper level in `default.yaml`
  readonly samples?: number; // largest number of action sequences in one batch of the search; default: 96
  readonly name?: string;
}

const TERMINAL = 100; // weight of the goals at the end of the horizon
const LATENCY = 0.04; // s, until a new command can brake

/** The default search: the cross-entropy method. */
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
 * Makes your own level. It plans the actions of least energy with any model, E = Σ goals + Σ_i w_i c_i, among those
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
