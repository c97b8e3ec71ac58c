import type { GoalSpec } from "../../cost/index.js";
import { GoalTest } from "./GoalTest.js";
import { MoveFinder } from "./MoveFinder.js";
import { Scenery } from "./Scenery.js";
import { searchMoves } from "./searchMoves.js";
import { avoidRules } from "./stepRules.js";
import { stepsOf } from "./stepsOf.js";
import type { TaskContext } from "./TaskContext.js";
import type { TaskInputs } from "./TaskInputs.js";
import type { PlannedOption, Refusal, TaskPlan, TaskStep } from "./TaskPlan.js";
import { ToolReach } from "./ToolReach.js";

const MOVABLE = ["object_at", "relation", "held", "region"]; // kinds of goals that moves may lead to

/**
 * A plan of options that leads from a state to the goals, or why there is none. Nothing is told how: grasps come from
 * the shapes of things, places from the goals, their order and what must be moved out of the way from a search over
 * where things then are.
 */
export function planTask(context: TaskContext, inputs: TaskInputs): TaskPlan | Refusal {
  const { state, goals, failures = [], clock, deadline, rng } = inputs,
    begun = clock.now();
  if (context.arm.gripper === undefined) return { code: "NO_HAND", why: `${context.arm.name} has no gripper` };
  const scenery = new Scenery(context, state),
    test = new GoalTest(context.arm, goals, state),
    unknown = refusedGoal(test, scenery);
  if (unknown !== undefined) return unknown;
  const reach = new ToolReach(context, state.q, rng.fork()),
    doubt = Math.max(0.001, ...[...state.objects.values()].map((b) => b.positionStd)),
    finder = new MoveFinder(context, scenery, reach, failures, Math.min(doubt, 0.004));
  const found = searchMoves({ scenery, goals: test, finder, more: context.level.expansions, clock, deadline });
  if ("why" in found) return found;
  const steps: TaskStep[] = [],
    options: PlannedOption[] = [];
  found.moves.forEach((move, i) => {
    const part = stepsOf(context, scenery, finder, move, found.worlds[i], steps.length);
    options.push(...part.options);
    steps.push(...part.steps);
  });
  const last = found.worlds[found.worlds.length - 1],
    arm = test.goals.filter(({ id }) => id === undefined).map(({ goal }) => goal);
  if (arm.length > 0) {
    options.push({ kind: "reach", words: "reach the arm's own goal", first: steps.length, before: {} });
    steps.push(reachStep(arm, avoidRules(scenery, last, [])));
  }
  const { cost, bound, expanded } = found;
  return { steps, options, cost, bound, proven: bound >= cost, expanded, time: clock.now() - begun };
}

const reachStep = (goal: readonly GoalSpec[], guardrails: TaskStep["guardrails"]): TaskStep => ({
  option: "reach",
  name: "reach",
  words: "bring the arm to its goal",
  goal,
  guardrails,
});

/** Why a goal cannot be planned for at all. */
function refusedGoal(test: GoalTest, scenery: Scenery): Refusal | undefined {
  for (const { goal, id } of test.goals) {
    if (id === undefined) continue;
    if (!MOVABLE.includes(goal.kind))
      return { code: "UNKNOWN_GOAL", why: `no grasp or place leads to a goal of the kind ${goal.kind}` };
    if (!scenery.things.has(id)) {
      const known = [...scenery.things.keys()].join(", ") || "(nothing)";
      return { code: "UNKNOWN_THING", why: `where ${id} is, or its shape, is not known; known are: ${known}` };
    }
  }
  return undefined;
}
