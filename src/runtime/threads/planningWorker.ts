import { serialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { exhaustMap, interval, merge, Subject, switchMap, EMPTY } from "rxjs";
import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Plan } from "../../core/Plan.js";
import type { InHand } from "../../core/InHand.js";
import type { Seconds } from "../../core/Seconds.js";
import { preferThread, sendAs } from "../../core/threads/preferThread.js";
import { Rng } from "../../core/math/Rng.js";
import { ownThread } from "../../core/time/threadTime.js";
import { SharedClock } from "../../core/time/SharedClock.js";
import { SharedVector } from "../../core/threads/SharedVector.js";
import type { State } from "../../core/State.js";
import type { TaskSpec } from "../../cost/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { LevelRunner } from "../../planner/hierarchy/LevelRunner.js";
import { buildLevel } from "../../agent/setup/buildLevel.js";
import type { GoalMonitor } from "../../agent/task/GoalMonitor.js";
import { monitorOf } from "../../agent/task/monitorOf.js";
import { loadModels } from "../../agent/setup/loadModels.js";
import type { Decision } from "../../agent/task/Decision.js";
import type { FromPlanner, PlanningData, ToPlanner } from "../messages.js";
import { searchTime } from "../../agent/searchTime.js";
import { loadPlugin } from "../../agent/setup/loadPlugins.js";
import { planLatency } from "../../agent/setup/planLatency.js";
import { planStart } from "../../agent/planStart.js";
import { setupUnderTask } from "../../agent/setup/setupUnderTask.js";
import { unreachable } from "../../agent/setup/unreachable.js";
import { warmUp } from "./warmUp.js";

/**
 * The thread of one planning level. It replans with its period, and at once when a task or the first plan from above
 * arrives. It sends each plan to the main thread, which passes it on to the level below. If it hangs or dies, only
 * plans are lost.
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
const niceness = bottom ? 3 : 5; // the reflex and the senders of commands go first, then the level that the arm follows
preferThread(niceness);
for (const path of agent.plugins) loadPlugin(path);
const models = await loadModels(setup, index);
const looks = models.world !== undefined;
// its plans are followed on their own time, so they begin where the arm will be when the plan is there
const ahead = bottom || looks;

let generation = 0;
let level: LevelRunner | undefined;
let limits = setupUnderTask(setup).arm.limits;
let task: TaskSpec | undefined;
let goals: GoalMonitor | undefined;
let followed: Plan | undefined; // by the reflex: of the lowest level
let objects: ReadonlyMap<string, Belief> = new Map();
let bodies: readonly Body[] = [];
let inHand: InHand = {};
let percept: (ToPlanner & { kind: "percept" }) | undefined; // the newest image, if this level plans from images
// the reflex sends commands this far ahead, so a plan must be there before
const handover = planLatency(agent.reflex);
// s for the search itself, learned: on a busy machine a plan begins later by as much as it comes later
let allowance = 0.03;
let took = 0; // s, the plan before
const HASTE: Seconds = 0.005; // for evaluating initial guesses alone

const kick = new Subject<void>();
const tasks = new Subject<boolean>(); // whether there is one

/**
 * The first plan of a task is the best initial guess, if it keeps the guardrails: the arm sets out on it while the
 * search continues from there.
 */
async function replan(): Promise<void> {
  if (level?.plan === undefined && !looks) await search(true);
  await search(false);
}

/**
 * Predicts the state at the time the plan is ready, searches (or, in haste, only evaluates the initial guesses), and
 * sends the plan.
 */
async function search(haste: boolean): Promise<void> {
  const [mine, runner] = [generation, level];
  if (runner === undefined || !runner.isReady({ percept })) return;
  const first = runner.plan === undefined;
  const now = clock.now();
  const from = start(runner, now, haste);
  const readings: number[] = [];
  const watched = record ? { now: () => readings[readings.push(clock.now()) - 1] } : clock;
  const { plan, inputs } = await runner.replan(from, { clock: watched, deadline: now + limit, haste });
  if (mine !== generation || (haste && !plan.feasible)) return;
  if (record) decide({ kind: "plan", index, ...inputs, clock: Float64Array.from(readings), plan });
  const why = first && index === 0 && !looks && !endsAtGoals(plan, from) ? unreachable(setup, task!, from) : undefined;
  if (why !== undefined) return send({ kind: "failure", generation, failure: why, code: "NO_PLAN" });
  if (!haste) learnAllowance(plan);
  send({ kind: "plan", generation, plan });
}

/** Where a plan made from now on begins. */
function start(runner: LevelRunner, now: Seconds, haste: boolean): State {
  commanded.read(sample);
  off.read(deviation);
  const [stamp, following] = [sample[0], sample[1] === 1];
  const q = sample.slice(2, 2 + arm.nq);
  const v = sample.slice(2 + arm.nq);
  const at = ahead ? Math.max(now + (haste ? HASTE : allowance) + handover, stamp) : stamp;
  return planStart({ stamp, q, v, percept, objects, bodies, ...inHand }, at, {
    agent,
    index,
    commanded: ahead ? { stamp, following, q, v } : undefined,
    along: bottom ? runner.plan : followed,
    limits,
    deviation,
  });
}

/** How long the next search may take until its plan is there. One long plan does not mean a busy machine. */
function learnAllowance(plan: Plan): void {
  const time = Math.min(plan.time, took);
  took = plan.time;
  if (!ahead) return;
  const wanted = 1.3 * time + 0.005 - allowance;
  const longest = 0.5 * config.horizon * config.dt;
  allowance = Math.min(longest, Math.max(0.015, allowance + (time > allowance ? 0.5 : 0.05) * wanted));
}

/** Whether a plan keeps the guardrails and leads to where the goals hold. */
const endsAtGoals = (plan: Plan, from: State): boolean =>
  plan.feasible && goals!.look({ ...from, q: plan.q.slice(-arm.nq), v: plan.v.slice(-arm.nq) }) <= 1;

const send = (message: FromPlanner): void => sendAs(niceness, () => parentPort!.postMessage(message));

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
      followed = undefined;
      level = undefined;
      task = message.task;
      try {
        goals = task && monitorOf(arm, task);
        limits = setupUnderTask(setup, message.task?.guardrails as GuardrailSpec[] | undefined).arm.limits;
        if (message.task !== undefined)
          level = buildLevel(setup, index, message.task, new Rng(message.seed + index), models);
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
      inHand = message.beliefs.inHand;
      break;
    case "above":
      adopt(message);
      break;
    case "followed":
      if (message.generation === generation) followed = message.plan;
      break;
    case "percept":
      percept = message;
      break;
    case "end":
      process.exit(); // this thread
    default:
      message satisfies never;
  }
});

/** A plan of the level above; after the first of a task this level plans at once. */
function adopt({ generation: of, plan }: { readonly generation: number; readonly plan: Plan }): void {
  if (of !== generation) return;
  const first = level?.above === undefined;
  level?.follow(plan);
  if (first && plan.feasible) kick.next();
}
await warmUp(setup, index, models);
send({ kind: "ready", thread: ownThread() });
