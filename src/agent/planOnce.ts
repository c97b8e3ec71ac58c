import type { Clock } from "../core/time/Clock.js";
import type { Plan } from "../core/Plan.js";
import { Rng } from "../core/math/Rng.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { TaskSpec } from "../cost/index.js";
import type { AgentSetup } from "./setup/AgentSetup.js";
import { buildLevel } from "./setup/buildLevel.js";
import { monitorOf } from "./task/monitorOf.js";
import type { LevelModels } from "./setup/loadModels.js";
import { postureMargins, type PostureMargin } from "./setup/postureMargins.js";
import { unreachable } from "./setup/unreachable.js";

const FARTHEST = 50; // plans one after the other
const NEARER = 0.01; // of the distance to the goals: each plan must come nearer by this

/** The agent's plans from a state. */
export interface PlannedOnce {
  readonly plans: readonly Plan[]; // of the levels, top to bottom, down to the first that is not feasible
  readonly error: number; // of the goals at the end of the top level's plan, in tolerances: they hold iff ≤ 1
  // plans of the top level, one after another, until the goals hold or come no nearer: its horizon may be shorter than
  // the way
  readonly rounds: number;
  readonly refusal?: string; // why the running agent would give the task up at once: no posture satisfies the goals
  readonly start: readonly PostureMargin[]; // the guardrails where the plan begins
  readonly cut: boolean; // whether a deadline ended a search, so that the same seed may give another plan
}

/**
 * All levels once, each under the plan of the one above, as the running agent does at a task's beginning. Same state,
 * seed and task, same plans, unless a search was cut by the deadline.
 *
 * @param o.deadline s, of each level's search
 * @param o.models of the levels (`loadAllModels`); none for an agent without learned models
 * @param from also the image, if the top level has a learned model; the task's pictures are then encoded
 */
export async function planOnce(
  setup: AgentSetup,
  task: TaskSpec,
  from: State,
  o: { seed: number; clock: Clock; deadline: Seconds; models?: readonly LevelModels[] },
): Promise<PlannedOnce> {
  const { arm, agent } = setup;
  const plans: Plan[] = [];
  let cut = false;
  for (let i = 0; i < agent.levels.length; i++) {
    const deadline = o.clock.now() + o.deadline;
    const level = buildLevel(setup, i, task, new Rng(o.seed + i), o.models?.[i]);
    if (i > 0) level.follow(plans[i - 1]);
    const { plan } = await level.replan(from, { clock: o.clock, deadline });
    cut ||= o.clock.now() >= deadline;
    plans.push(plan);
    if (!plan.feasible) break;
  }
  const [top] = plans,
    looks = agent.levels[0].learned !== undefined;
  const monitor = monitorOf(arm, task, 0);
  const row = (a: Float64Array): Float64Array => a.slice(-top.nq);
  const objects = new Map(from.objects);
  const { ids, positions } = top.predicted ?? { ids: [], positions: new Float64Array(0) };
  ids.forEach((id, i) => {
    const at = 3 * (top.H * ids.length + i);
    objects.set(id, {
      id,
      position: [positions[at], positions[at + 1], positions[at + 2]],
      orientation: [0, 0, 0, 1],
      positionStd: 0,
      stamp: from.stamp,
    });
  });
  monitor.update({ ...from, objects, stamp: from.stamp + top.H * top.dt, q: row(top.q), v: row(top.v) });
  let { error } = monitor,
    rounds = 1;
  const refusal = looks || (top.feasible && error <= 1) ? undefined : unreachable(setup, task, from);
  for (
    let plan = top;
    !looks && refusal === undefined && plan.feasible && !(error <= 1) && rounds < FARTHEST;
    rounds++
  ) {
    const on = { ...from, objects, stamp: plan.stamp + plan.H * plan.dt, q: row(plan.q), v: new Float64Array(top.nq) };
    const deadline = o.clock.now() + o.deadline;
    ({ plan } = await buildLevel(setup, 0, task, new Rng(o.seed + rounds)).replan(on, { clock: o.clock, deadline }));
    const left = monitor.look({ ...on, q: row(plan.q), v: row(plan.v) });
    if (!plan.feasible || !(left < (1 - NEARER) * error)) break;
    error = left;
  }
  return { plans, error, rounds, refusal, start: postureMargins(setup, task, from, from.q), cut };
}
