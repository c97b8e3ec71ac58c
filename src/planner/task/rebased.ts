import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { State } from "../../core/State.js";
import type { GoalSpec } from "../../cost/index.js";
import { holdingRule } from "./MoveFinder.js";
import { optionAt } from "./optionAt.js";
import { ASTRAY, distance } from "./stillHolds.js";
import { placeOf } from "./stepsOf.js";
import type { Place, PlannedOption, TaskPlan, TaskStep } from "./TaskPlan.js";

type Shift = readonly [number, number, number];
interface At {
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  readonly through?: readonly number[];
}

/**
 * The plan with the option of a step where things are now: a grasp moves along with a thing that is a little beside
 * where it was believed to be, by less than 3 cm, and a place takes into account how the thing really lies in the hand.
 */
export function rebased(plan: TaskPlan, index: number, state: State): TaskPlan {
  const at = optionAt(plan, index);
  if (at === undefined) return plan;
  const { option, number } = at,
    end = plan.options[number + 1]?.first ?? plan.steps.length;
  const name = plan.steps[index].name;
  if (option.kind === "grasp" && (name === "approach" || name === "descend"))
    return grasped(plan, option, number, index, end, state);
  const { held } = state;
  if (held === undefined || held.id !== option.thing) return plan;
  const holding = (step: TaskStep): TaskStep => ({
    ...step,
    guardrails: step.guardrails.map((rule) => (rule.kind === "holding" ? holdingRule(held) : rule)),
  });
  return changed(
    plan,
    index,
    end,
    option.kind === "place" ? (step) => placed(holding(step), plan, option, end, held.pose) : holding,
  );
}

function grasped(
  plan: TaskPlan,
  option: PlannedOption,
  number: number,
  index: number,
  end: number,
  { objects }: State,
): TaskPlan {
  const now = objects.get(option.thing!),
    before = option.before[option.thing!];
  if (now === undefined || !(distance(now.position, before) < ASTRAY)) return plan;
  const by: Shift = [0, 1, 2].map((i) => now.position[i] - before.position[i]) as unknown as Shift;
  const moved = changed(plan, index, end, (step) => shifted(step, by));
  const options = plan.options.map((o, i) =>
    i === number ? { ...o, before: { ...o.before, [o.thing!]: { ...before, position: now.position } } } : o,
  );
  return { ...moved, options };
}

/** A step of a place, for how the thing lies in the hand: the tool goes to where T_tool · T_held is the place. */
function placed(step: TaskStep, plan: TaskPlan, option: PlannedOption, end: number, held: Float64Array): TaskStep {
  const lower = plan.steps.slice(option.first, end).find(({ name }) => name === "lower");
  if (lower === undefined || option.to === undefined) return step;
  const tool = transformFromQuat(new Float64Array(12), 0, option.to.orientation, option.to.position);
  mulTransform(tool, 0, tool, 0, invertTransform(new Float64Array(12), 0, held, 0), 0);
  const wanted = placeOf(tool),
    was = (lower.goal[0].spec as Place).position;
  const by: Shift = [0, 1, 2].map((i) => wanted.position[i] - was[i]) as unknown as Shift;
  return shifted(step, by, wanted.orientation);
}

function shifted(step: TaskStep, by: Shift, orientation?: Place["orientation"]): TaskStep {
  const move = <G extends GoalSpec>(goal: G): G => {
    const { position, through, ...rest } = goal.spec as At;
    const to = (p: readonly number[]): number[] => p.map((x, i) => x + by[i]);
    return {
      ...goal,
      spec: {
        ...rest,
        ...(position && { position: to(position) }),
        ...(position && orientation && { orientation }),
        ...(through && { through: to(through) }),
      },
    };
  };
  return { ...step, goal: step.goal.map(move), ...(step.costs && { costs: step.costs.map(move) }) };
}

const changed = (plan: TaskPlan, from: number, end: number, change: (step: TaskStep) => TaskStep): TaskPlan => ({
  ...plan,
  steps: plan.steps.map((step, i) => (i >= from && i < end ? change(step) : step)),
});
