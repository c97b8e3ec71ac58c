import type { StepEnd } from "../agent/task/StepRun.js";
import { taskCodes } from "../adapters/ros/agent/taskCodes.js";
import type { TaskPlan } from "../planner/task/TaskPlan.js";

/** What `telos plan --json` prints for an agent whose top level plans steps. */
export interface StepsReport {
  readonly success: boolean;
  readonly error_code: number;
  readonly error: string;
  readonly task: string;
  readonly scene: string;
  readonly robot: string;
  readonly seed: number;
  readonly cost_s: number; // expected time of the whole
  readonly bound_s: number; // no plan takes less
  readonly proven: boolean; // nothing better was left to look at
  readonly expanded: number;
  readonly time_ms: number;
  readonly steps: readonly { readonly option: string; readonly name: string; readonly words: string }[];
}

export function reportSteps(
  answer: TaskPlan | StepEnd,
  about: Pick<StepsReport, "task" | "scene" | "robot" | "seed">,
): StepsReport {
  const none = { cost_s: 0, bound_s: 0, proven: false, expanded: 0, time_ms: 0, steps: [] };
  if ("code" in answer)
    return { success: false, error_code: taskCodes[answer.code], error: answer.message, ...about, ...none };
  const { cost, bound, proven, expanded, time, steps } = answer;
  return {
    success: true,
    error_code: taskCodes.NONE,
    error: "",
    ...about,
    cost_s: round(cost, 3),
    bound_s: round(bound, 3),
    proven,
    expanded,
    time_ms: round(1000 * time, 2),
    steps: steps.map(({ option, name, words }) => ({ option, name, words })),
  };
}

/** The report as text: a line for each option, and its steps below. */
export function describeSteps(r: StepsReport): string {
  const head = `${r.task} in scene ${r.scene} with ${r.robot}, seed ${r.seed}`;
  if (!r.success) return `${head}\n\nthere is no plan: ${r.error}`;
  const lines = r.steps.flatMap(({ option, words }, i) => [
    ...(option === r.steps[i - 1]?.option ? [] : [option]),
    `  ${String(i + 1).padStart(2)}. ${words}`,
  ]);
  const end =
    `about ${r.cost_s.toFixed(1)} s in ${r.steps.length} steps; ` +
    `${r.proven ? "no shorter plan was found possible" : `no plan takes less than ${r.bound_s.toFixed(1)} s`}; ` +
    `${r.expanded} worlds looked at in ${r.time_ms.toFixed(0)} ms`;
  return [head, lines.join("\n"), end].join("\n\n");
}

const round = (x: number, digits: number): number => Number(x.toFixed(digits));
