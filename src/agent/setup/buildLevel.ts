import type { LevelConfig } from "../../config/index.js";
import {
  bindCosts,
  createCost,
  createGoal,
  ResidualCost,
  type CreateContext,
  type TaskSpec,
} from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { passableLimits } from "../../guardrails/filter/passableLimits.js";
import { viableVelocities } from "../../guardrails/filter/viableVelocities.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { ModelError, type LearnedModel, type TrackingModel } from "../../worldmodel/learned/onnx/index.js";
import type { LevelModels } from "./loadModels.js";
import { Cem } from "../../planner/search/Cem.js";
import { FollowProposer } from "../../planner/proposals/FollowProposer.js";
import { Level } from "../../planner/hierarchy/Level.js";
import { Mppi } from "../../planner/search/Mppi.js";
import { Objective, type WeightedCost } from "../../planner/Objective.js";
import { RouteProposer } from "../../planner/proposals/RouteProposer.js";
import type { Search } from "../../planner/search/Search.js";
import { SubgoalCost } from "../../planner/SubgoalCost.js";
import { WarmProposer } from "../../planner/proposals/WarmProposer.js";
import { JointDisplacement } from "../../worldmodel/analytic/JointDisplacement.js";
import { JointVelocity } from "../../worldmodel/analytic/JointVelocity.js";
import { Learned } from "../../worldmodel/learned/Learned.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import { ToolDisplacement } from "../../worldmodel/analytic/ToolDisplacement.js";
import { Tracking } from "../../worldmodel/learned/Tracking.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { tightenLimits } from "./tightenLimits.js";
import { goalTerms } from "./goalTerms.js";

// weight of the goals at the end of the top level's horizon: to be there matters more than to keep well clear
const TERMINAL = 100;

/**
 * The configurator: one level of the hierarchy for one task. The top level's objective is the task itself; every other
 * level's is to follow the level above. All have the guardrails, and their own intrinsic costs.
 * @param models of a level with learned ones (`loadModels`), with the task's pictures seen
 */
export function buildLevel(
  own: AgentSetup,
  index: number,
  task: TaskSpec,
  { world: model, tracking }: LevelModels = {},
): Level {
  const setup = tightenLimits(own, task.guardrails as GuardrailSpec[]);
  const { arm, agent } = setup;
  const config = agent.levels[index];
  const context: CreateContext = { nq: arm.nq, limits: arm.limits };
  const sweep = new Sweep(arm);
  const guardrails = buildGuardrails(setup, task.guardrails as GuardrailSpec[]);
  const subgoal = index > 0 ? new SubgoalCost(arm.limits) : undefined;
  const goals = task.goal.map((goal) => createGoal(goal, context));
  const terms: WeightedCost[] = intrinsic(config, setup, context);
  for (const cost of task.costs) terms.push({ cost: createCost(cost, context), weight: cost.weight });
  const commanded = predictor(config, setup, sweep);
  const kinematic = config.tracking === undefined ? commanded : follow(commanded, config.horizon, setup, tracking);
  const learned = config.learned === undefined ? undefined : learn(kinematic, config.learned, setup, model);
  if (learned !== undefined) terms.push(...goalTerms(task.goal, config.learned!.energy, model!.manifest, context));
  else if (subgoal === undefined)
    for (const goal of goals) terms.push({ cost: new ResidualCost(goal, { terminal: TERMINAL }), weight: 1 });
  else terms.push({ cost: subgoal, weight: 1 });
  const K = Math.max(config.search.samples, 16);
  return new Level({
    name: config.name,
    H: config.horizon,
    K,
    nq: arm.nq,
    nc: sweep.nc,
    dim: model !== undefined && learned !== undefined ? model.manifest.latent.dim : 0,
    no: learned?.objects.length,
    samples: learned?.samples,
    predictor: learned ?? kinematic,
    objective: new Objective(terms, guardrails, config.clearance, K, sweep, arm.nq),
    search: search(config),
    proposer:
      learned !== undefined
        ? new WarmProposer(config.horizon, config.dt)
        : subgoal === undefined
          ? new RouteProposer(arm, goals, config.horizon, config.dt, latencyOf(agent), sweep, guardrails)
          : new FollowProposer(subgoal, config.horizon, config.dt),
    subgoal,
  });
}

/** The costs that a level has by itself. */
export function intrinsic(config: LevelConfig, setup: AgentSetup, context: CreateContext): WeightedCost[] {
  const bound = bindCosts(config.costs, { jointNames: setup.arm.jointNames, objects: [], predicted: [] });
  return bound.map((spec) => ({ cost: createCost(spec, context), weight: spec.weight }));
}

function learn(
  kinematic: Predictor,
  { samples, reach, energy }: NonNullable<LevelConfig["learned"]>,
  { arm }: AgentSetup,
  model: LearnedModel | undefined,
): Learned {
  if (model === undefined) throw new Error("got a level with a learned model, want the model loaded");
  if (energy.steps > 0 && model.manifest.latent.steps === undefined)
    throw new ModelError(
      `${model.folder}/manifest.json`,
      `latent.steps: got none, want them for learned.energy.steps ${energy.steps}: train the model with ` +
        "steps_to_go.dim above 0",
    );
  return new Learned(kinematic, model, arm, { samples, reach });
}

function follow(
  commanded: Predictor,
  horizon: number,
  { arm }: AgentSetup,
  model: TrackingModel | undefined,
): Tracking {
  if (model === undefined) throw new Error("got a level that plans with how the arm follows, want the model loaded");
  return new Tracking(commanded, model, arm, horizon);
}

/** Until a new command can brake, s. */
const latencyOf = ({ reflex }: AgentSetup["agent"]): number => reflex.period + reflex.lead;

/** The arm's own motion as a level's actions move it. */
export function predictor(config: LevelConfig, { arm, agent }: AgentSetup, sweep: Sweep): Predictor {
  const latency = latencyOf(agent);
  switch (config.model) {
    case "joint_displacement":
      return new JointDisplacement(arm.limits, sweep, config.dt, config.knots, latency);
    case "joint_velocity":
      return new JointVelocity(
        passableLimits(arm.limits, config.dt),
        viableVelocities,
        sweep,
        config.dt,
        config.knots,
        latency,
      );
    case "tool_displacement": {
      const { axes, step, box } = config.tool;
      return new ToolDisplacement(arm, sweep, { axes, step, ...box, dt: config.dt, substeps: config.knots, latency });
    }
    default:
      return config.model satisfies never;
  }
}

/** The search that a level's configuration names. */
export function search({ search: s }: LevelConfig): Search {
  const population = {
    samples: s.samples,
    iterations: s.iterations,
    branches: s.branches,
    sigma: s.noise,
    minSigma: s.min_noise,
    smoothing: s.smoothing,
    bridge: s.bridge,
    tolerance: s.tolerance,
    patience: s.patience,
  };
  return s.method === "cem"
    ? new Cem({ ...population, elites: s.elites })
    : new Mppi({ ...population, temperature: s.temperature });
}
