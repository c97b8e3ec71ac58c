import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Body } from "../../core/Body.js";
import type { Command } from "../../core/Command.js";
import { SharedClock } from "../../core/time/SharedClock.js";
import { SharedVector } from "../../core/threads/SharedVector.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { buildGuardrails } from "../../agent/setup/buildGuardrails.js";
import { contactForceCap } from "../../agent/setup/contactForceCap.js";
import type { FromReflex, ReflexData, ToReflex } from "../messages.js";
import type { ReflexReport } from "../../reflex/ReflexReport.js";
import { loadPlugin } from "../../agent/setup/loadPlugins.js";
import { neededInputs } from "../../agent/setup/neededInputs.js";
import { isLeap } from "../../reflex/isLeap.js";
import { Reflex } from "../../reflex/Reflex.js";
import { setupUnderTask } from "../../agent/setup/setupUnderTask.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { trackingError } from "../../agent/robot/trackingError.js";

/**
 * The thread of the reflex and the safety filter. It never awaits: it sleeps until the next absolute deadline, reads
 * what has arrived, ticks, and offers the command to the main thread, which publishes it. A command not published
 * within one period is withdrawn, so the arm goes on along the fail-safe trajectory it holds and the next command is
 * anchored there.
 */
const { setup, shared, port } = workerData as ReflexData;
const { arm, agent } = setup;
for (const path of agent.plugins) loadPlugin(path);
const { period, lead } = agent.reflex;
// A command is withdrawn by the next tick, and a tick may be a little late. What is left of the lead after two periods
// is for the way to the controller: a thread that stood still must not use it up.
const way = Math.max(0, lead - 2 * period);
const clock = new SharedClock(shared.clock);
const measured = new SharedVector(1 + 2 * arm.nq, shared.measured);
const commanded = new SharedVector(2 + 2 * arm.nq, shared.commanded);
const claim = new Int32Array(shared.claim);
const doze = new Int32Array(new SharedArrayBuffer(4));
const { joint_states: staleAfter, ...needs } = neededInputs(setup);
const sweep = new Sweep(arm);
const reflex = new Reflex({
  limits: setupUnderTask(setup).arm.limits,
  sweep,
  guardrails: buildGuardrails(setup),
  dt: period,
  staleAfter,
  needs,
  maxForce: contactForceCap(setup),
  trackingError: trackingError(setup),
  delay: setup.robot.controller.delay,
});

const sample = new Float64Array(measured.length);
const out = new Float64Array(commanded.length);
const REPORT: Seconds = 0.05;
// joints lag behind their commands: they rest a little after the fail-safe trajectory's end
const SETTLING: Seconds = 0.03 + setup.robot.controller.delay;
const NEVER_SLEPT: Seconds = 60; // no thread is that late: /clock has just come for the first time
// per tick, of clock steps: many small steps count as one, corrections of a second ago do not
const FADE = 0.1;
let bodies: readonly Body[] = [];
let generation = 0;
let seen = 0;
let number = 0;
let pending: Command | undefined;
let ticks = 0;
let missed = 0;
let reported = -Infinity;
let told = "";
let running = true;

const send = (message: FromReflex): void => port.postMessage(message);

/** Puts a task's guardrails in force, with what its hand holds. */
function guard(rules: readonly GuardrailSpec[]): void {
  const under = setupUnderTask(setup, rules);
  reflex.guard(
    buildGuardrails(under, rules),
    contactForceCap(setup, rules),
    under.arm.limits,
    under.arm.held === undefined ? sweep : new Sweep(under.arm),
  );
}

/** What arrived since the last tick. */
function receive(): void {
  for (let packet = receiveMessageOnPort(port); packet; packet = receiveMessageOnPort(port)) {
    const message = packet.message as ToReflex;
    switch (message.kind) {
      case "event":
        reflex.apply(message.event, message.by);
        break;
      case "task":
        // no plan is followed before the task's guardrails are in force; if they cannot be, that is a fault, and the
        // old ones stay
        generation = NaN;
        reflex.follow(undefined);
        guard(message.guardrails);
        generation = message.generation;
        reflex.engage(message.begun);
        if (message.begun) reflex.recover();
        else reflex.follow(undefined);
        break;
      case "plan":
        if (message.generation !== generation) break;
        if (message.plan.feasible) reflex.follow(message.plan);
        else reflex.recover();
        break;
      case "rest":
        if (message.generation === generation) reflex.rest(message.atOnce);
        break;
      case "bodies":
        bodies = message.bodies;
        reflex.hear("bodies", message.stamp);
        break;
      case "wrench":
        reflex.feel(message.stamp, message.force);
        break;
      case "end":
        running = false;
        break;
      default:
        message satisfies never;
    }
  }
  const writes = measured.read(sample);
  if (writes !== seen) {
    seen = writes;
    reflex.observe(sample[0], sample.slice(1, 1 + arm.nq), sample.slice(1 + arm.nq));
  }
}

/** The last command offered has left if and only if the main thread claimed it in time; otherwise it is withdrawn. */
function settle(): void {
  if (pending === undefined) return;
  const was = Atomics.compareExchange(claim, 0, number, 0);
  if (was === -number) reflex.commit(pending);
  else missed++;
  pending = undefined;
}

const believed = (now: Seconds): State => ({
  stamp: now,
  q: reflex.q,
  v: reflex.v,
  objects: new Map(),
  bodies,
});

function tick(stamp: Seconds, now: Seconds): void {
  receive();
  settle();
  const command = reflex.tick(stamp, believed(now));
  if (command !== undefined) {
    pending = command;
    number = (number % 1_000_000_000) + 1;
    Atomics.store(claim, 0, number);
    // an urgent one begins sooner than this tick's
    send({ kind: "command", number, command, until: command.stamp < stamp ? command.stamp : command.stamp - way });
  }
  out[0] = reflex.commanded.stamp;
  out[1] = reflex.commanded.following ? 1 : 0;
  out.set(reflex.commanded.q, 2);
  out.set(reflex.commanded.v, 2 + arm.nq);
  commanded.write(out);
  ticks++;
  report(now);
}

/** `idle` is about the arm now, not about the stamp ahead: it decides when goals end and resets are granted. */
function report(now: Seconds): void {
  const idle = reflex.idle(now - SETTLING) && pending === undefined;
  const { state, reason } = reflex;
  const news = `${state.mode} ${state.next} ${idle}`;
  if (news === told && now - reported < REPORT && now >= reported) return;
  told = news;
  reported = now;
  const values = reflex.margins(idle, believed(now));
  const margins: ReflexReport["margins"][number][] = reflex.guardrails.map((g, i) => ({
    name: g.name,
    value: values[i],
    unit: g.unit,
  }));
  const { checks, limited, stopped, trips, contact } = reflex;
  if (contact !== undefined) margins.push({ name: contact.name, value: contact.margin, unit: contact.unit });
  send({
    kind: "report",
    state,
    by: reason.by,
    margin: reason.margin,
    idle,
    fresh: reflex.fresh(now),
    margins: margins.filter(({ value }) => !Number.isNaN(value)),
    checks,
    limited,
    stopped,
    trips,
    missed,
    ticks,
  });
}

/** Sleeps until the agent's clock says `due`; true if the clock was set meanwhile. */
function sleep(due: Seconds): boolean {
  for (;;) {
    if (isLeap(clock.leapt - leapt)) return true;
    const now = clock.now();
    if (now >= due) return false;
    Atomics.wait(doze, 0, 0, Math.min(20, (1000 * (due - now)) / Math.max(clock.rate, 0.1)));
  }
}

reflex.apply("configure");
let leapt = clock.leapt;
let due = clock.now();
// inactive at once: simulated time may stand until its source is discovered, which takes DDS up to 3 s if another node
// of ours died a moment ago
report(due);
while (running) {
  due += period;
  if (sleep(due)) {
    settle(); // by the clock that it was dated by
    const before = leapt;
    leapt = clock.leapt;
    reflex.forget("clock_jump", leapt - before);
    due = clock.now();
    continue;
  }
  leapt += FADE * (clock.leapt - leapt);
  const now = clock.now();
  const late = Math.floor((now - due) / period);
  if (late > 0) {
    if (late * period < NEVER_SLEPT) missed += late;
    due += late * period;
  }
  try {
    tick(due + lead, now);
  } catch (error) {
    reflex.apply("fault", `exception: ${error instanceof Error ? error.message : String(error)}`);
  }
}
port.close();
