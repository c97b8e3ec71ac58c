import { serialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { exhaustMap, interval, merge, Subject, switchMap, EMPTY } from "rxjs";
import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";
import { preferThread } from "../../core/threads/preferThread.js";
import { Rng } from "../../core/math/Rng.js";
import { ownThread } from "../../core/time/threadTime.js";
import { SharedClock } from "../../core/time/SharedClock.js";
import { SharedVector } from "../../core/threads/SharedVector.js";
import type { State } from "../../core/State.js";
import { createGoal, type TaskSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Level } from "../../planner/hierarchy/Level.js";
import { buildLevel } from "../../agent/setup/buildLevel.js";
import { GoalMonitor } from "../../agent/task/GoalMonitor.js";
import { loadModels } from "../../agent/setup/loadModels.js";
import type { Decision } from "../../agent/task/Decision.js";
import type { FromPlanner, PlanningData, ToPlanner } from "../messages.js";
import { searchTime } from "../../agent/searchTime.js";
import { startState } from "../../reflex/startState.js";
import { startOf } from "../../agent/startOf.js";
import { tightenLimits } from "../../agent/setup/tightenLimits.js";
import { unreachable } from "../../agent/setup/unreachable.js";
import { warmUp } from "./warmUp.js";

/**
 * The thread of one planning level: replans with its period, at once when a task or the first plan from above arrives,
 * and hands each plan to the main thread, which passes it on to the level below. If it hangs or dies, only plans are
 * lost.
 */
const { setup, shared, index, record, ...given } = workerData as PlanningData;
const { arm, agent } = setup;
const config = agent.levels[index];
const clock = new SharedClock(shared.clock);
const commanded = new SharedVector(2 + 2 * arm.nq, shared.commanded);
const sample = new Float64Array(commanded.length);
const off = new SharedVector(arm.nq, given.deviation);
const deviation = new Float64Array(arm.nq);
const limit = searchTime(config);
const bottom = index === agent.levels.length - 1;
preferThread(bottom ? 3 : 5); // the reflex and what carries commands go first, then the level that the arm follows
const models = await loadModels(setup, index);
const looks = models.world !== undefined;
// what it plans is followed on its own time, so it begins where the arm will be when the plan is there
const ahead = bottom || looks;

let generation = 0;
let level: Level | undefined;
let limits = tightenLimits(setup).arm.limits;
let task: TaskSpec | undefined;
let goals: GoalMonitor | undefined;
let upper: Plan | undefined;
let warm: Plan | undefined;
let followed: Plan | undefined; // by the reflex: of the lowest level
let rng = new Rng(1);
let objects: ReadonlyMap<string, Belief> = new Map();
let bodies: readonly Body[] = [];
let seen: (ToPlanner & { kind: "percept" }) | undefined; // the newest image, as far as this level is one that looks
// the reflex commands that far ahead, so a plan must be there before
const handover = agent.reflex.lead + agent.reflex.period;
// s for the search itself, learned: on a busy machine a plan begins as much later as it comes later
let allowance = 0.03;
let took = 0; // s, the plan before
const HASTE: Seconds = 0.005; // for judging proposals alone

const kick = new Subject<void>();
const tasks = new Subject<boolean>(); // whether there is one

/**
 * The first plan of a task is the best proposal, if that keeps the guardrails: the arm sets out on it while the search
 * goes on from there.
 */
async function replan(): Promise<void> {
  if (warm === undefined && !looks) await search(true);
  await search(false);
}

/**
 * Looks at the state as it will be when the plan is ready, searches (or, in haste, but evaluates the proposals), hands
 * the plan on.
 */
async function search(haste: boolean): Promise<void> {
  const mine = generation;
  if (level === undefined || (index > 0 && upper === undefined) || (looks && seen === undefined)) return;
  const now = clock.now();
  commanded.read(sample);
  const current = {
    stamp: sample[0],
    following: sample[1] === 1,
    q: sample.slice(2, 2 + arm.nq),
    v: sample.slice(2 + arm.nq),
  };
  const stamp = ahead ? Math.max(now + (haste ? HASTE : allowance) + handover, current.stamp) : current.stamp;
  const q = current.q.slice();
  const v = current.v.slice();
  if (ahead) startState(q, v, current, bottom ? warm : followed, limits, stamp);
  off.read(deviation);
  const from = startOf({ stamp, q, v, percept: seen, objects, bodies }, agent, index, deviation);
  const made = { from, above: upper, warm, rng: rng.save(), deadline: now + limit, haste };
  const readings: number[] = [];
  const watched = record ? { now: () => readings[readings.push(clock.now()) - 1] } : clock;
  const plan = await level.plan(from, upper, { warm, clock: watched, deadline: made.deadline, haste, rng });
  if (mine !== generation || (haste && !plan.feasible)) return;
  if (record) decide({ kind: "plan", index, ...made, clock: Float64Array.from(readings), plan });
  const why =
    warm === undefined && index === 0 && !looks && !endsAtGoals(plan, from)
      ? unreachable(setup, task!, from)
      : undefined;
  if (why !== undefined) return send({ kind: "failure", generation, failure: why, code: "NO_PLAN" });
  warm = plan;
  if (!haste) {
    const time = Math.min(plan.time, took); // one plan that took long makes no busy machine
    took = plan.time;
    if (ahead)
      allowance = Math.min(
        0.5 * config.horizon * config.dt,
        Math.max(0.015, allowance + (time > allowance ? 0.5 : 0.05) * (1.3 * time + 0.005 - allowance)),
      );
  }
  send({ kind: "plan", generation, plan });
}

/** Whether a plan keeps the guardrails and leads to where the goals hold. */
const endsAtGoals = (plan: Plan, from: State): boolean =>
  plan.feasible && goals!.look({ ...from, q: plan.q.slice(-arm.nq), v: plan.v.slice(-arm.nq) }) <= 1;

const send = (message: FromPlanner): void => parentPort!.postMessage(message);

const decide = (decision: Decision): void => send({ kind: "decision", bytes: serialize(decision) });

const failed = (error: unknown): void => {
  send({
    kind: "failure",
    generation,
    failure: `${config.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  });
};

tasks
  .pipe(
    switchMap((some) => (some ? merge(kick, interval((1000 * config.period) / Math.max(clock.rate, 0.1))) : EMPTY)),
    exhaustMap(() => replan().catch(failed)),
  )
  .subscribe();

parentPort!.on("message", (message: ToPlanner) => {
  switch (message.kind) {
    case "task":
      generation = message.generation;
      upper = warm = followed = undefined;
      rng = new Rng(message.seed + index);
      level = undefined;
      task = message.task;
      try {
        goals =
          task &&
          new GoalMonitor(
            arm,
            task.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })),
            task.hold,
          );
        limits = tightenLimits(setup, message.task?.guardrails as GuardrailSpec[] | undefined).arm.limits;
        if (message.task !== undefined) level = buildLevel(setup, index, message.task, models);
        if (record && message.task !== undefined) decide({ kind: "task", index, setup, task: message.task });
      } catch (error) {
        failed(error);
      }
      tasks.next(level !== undefined);
      kick.next();
      break;
    case "beliefs":
      objects = new Map(message.beliefs.objects.map((o) => [o.id, o]));
      bodies = message.beliefs.bodies;
      break;
    case "above":
      adopt(message);
      break;
    case "followed":
      if (message.generation === generation) followed = message.plan;
      break;
    case "percept":
      seen = message;
      break;
    case "end":
      process.exit(); // this thread
    default:
      message satisfies never;
  }
});

/** A plan of the level above; the first of a task is acted on at once. */
function adopt({ generation: of, plan }: { readonly generation: number; readonly plan: Plan }): void {
  if (of !== generation || !plan.feasible) return;
  const first = upper === undefined;
  upper = plan;
  if (first) kick.next();
}
await warmUp(setup, index, models);
send({ kind: "ready", thread: ownThread() });
