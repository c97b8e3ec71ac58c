import type { LevelConfig } from "./AgentConfig.js";
import {
  bindCosts,
  createCost,
  createGoal,
  ResidualCost,
  type CreateContext,
  type TaskSpec,
} from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { ModelError, type LearnedModel, type TrackingModel } from "../../worldmodel/learned/onnx/index.js";
import type { LevelModels } from "./loadModels.js";
import { FollowProposer } from "../../planner/proposals/FollowProposer.js";
import type { Rng } from "../../core/math/Rng.js";
import { Level } from "../../planner/hierarchy/Level.js";
import { levelKinds } from "../../planner/hierarchy/levelKinds.js";
import { LevelRunner } from "../../planner/hierarchy/LevelRunner.js";
import { PathSubgoal } from "../../planner/hierarchy/subgoals/PathSubgoal.js";
import { subgoals } from "../../planner/hierarchy/subgoals/subgoals.js";
import type { Proposer } from "../../planner/proposals/Proposer.js";
import { searches } from "../../planner/search/searches.js";
import { Objective, type WeightedCost } from "../../planner/Objective.js";
import { RouteProposer } from "../../planner/proposals/RouteProposer.js";
import type { Search } from "../../planner/search/Search.js";
import { WarmProposer } from "../../planner/proposals/WarmProposer.js";
import { Learned } from "../../worldmodel/learned/Learned.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import { Tracking } from "../../worldmodel/learned/Tracking.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { planLatency } from "./planLatency.js";
import { setupUnderTask } from "./setupUnderTask.js";
import { goalTerms } from "./goalTerms.js";

// weight of the goals at the end of the top level's horizon: reaching them matters more than keeping a large distance
const TERMINAL = 100;

/**
 * The configurator: one level of the hierarchy for one task. The top level's objective is the task itself. Every other
 * level's is its subgoal, the plan of the level above. All have the guardrails and their own intrinsic costs.
 * @param models of a level with learned ones (`loadModels`), with the task's pictures encoded
 */
export function buildLevel(
  own: AgentSetup,
  index: number,
  task: TaskSpec,
  rng: Rng,
  { world, tracking }: LevelModels = {},
): LevelRunner {
  const setup = setupUnderTask(own, task.guardrails as GuardrailSpec[]);
  const { arm, agent } = setup;
  const config = agent.levels[index];
  const isTop = index === 0;
  const context: CreateContext = { nq: arm.nq, limits: arm.limits };
  const sweep = new Sweep(arm);
  const guardrails = buildGuardrails(setup, task.guardrails as GuardrailSpec[]);
  const space = config.learned && world?.manifest;
  const subgoal = isTop ? undefined : subgoals.of(config.subgoal).make({ limits: arm.limits, space });
  const goals = task.goal.map((goal) => createGoal(goal, context));
  const commanded = kinematicOf(config, setup, sweep);
  const kinematic = config.tracking === undefined ? commanded : follow(commanded, config.horizon, setup, tracking);
  const learned = config.learned === undefined ? undefined : learn(kinematic, config.learned, setup, world);
  const terms: WeightedCost[] = intrinsic(config, setup, context);
  for (const cost of task.costs) terms.push({ cost: createCost(cost, context), weight: cost.weight });
  if (subgoal !== undefined) terms.push({ cost: subgoal, weight: 1 });
  else if (config.learned !== undefined) terms.push(...goalTerms(task.goal, config.learned.energy, space!, context));
  else for (const goal of goals) terms.push({ cost: new ResidualCost(goal, { terminal: TERMINAL }), weight: 1 });
  const K = Math.max(config.search.samples, 16);
  const level = new Level({
    name: config.name,
    H: config.horizon,
    K,
    nq: arm.nq,
    nc: sweep.nc,
    dim: space?.latent.dim ?? 0,
    no: learned?.objects.length,
    samples: learned?.samples,
    predictor: learned ?? kinematic,
    objective: new Objective(terms, guardrails, config.clearance, K, sweep, arm.nq),
    search: searchOf(config),
    proposer: proposerOf(),
    subgoal,
  });
  return new LevelRunner({ level, rng, isTop, sees: learned !== undefined });

  function proposerOf(): Proposer {
    const { horizon, dt } = config;
    if (subgoal instanceof PathSubgoal) return new FollowProposer(subgoal, horizon, dt);
    if (learned !== undefined) return new WarmProposer(horizon, dt);
    return new RouteProposer(arm, goals, horizon, dt, planLatency(agent.reflex), sweep, guardrails);
  }
}

/** The intrinsic costs of a level. */
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
  if (model === undefined) throw new Error("got a level with a tracking model, want the model loaded");
  return new Tracking(commanded, model, arm, horizon);
}

/** The arm's own motion by a level's actions. */
export function kinematicOf(level: LevelConfig, { arm, agent }: AgentSetup, sweep: Sweep): Predictor {
  const kind = levelKinds.of(level.model);
  if (kind.predictor === undefined)
    throw new Error(`got the level ${level.name}, which plans steps, want one that predicts`);
  return kind.predictor(level as never, { arm, sweep, latency: planLatency(agent.reflex) });
}

/** The search that a level's configuration names. */
export const searchOf = ({ search }: LevelConfig): Search => searches.of(search.method).make(search);
