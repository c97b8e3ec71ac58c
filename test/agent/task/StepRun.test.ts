import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Arrival } from "../../../src/agent/task/Arrival.js";
import { StepRun, type StepRequest } from "../../../src/agent/task/StepRun.js";
import type { HandCommand } from "../../../src/core/Hand.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { State } from "../../../src/core/State.js";
import type { TaskSpec } from "../../../src/cost/index.js";
import type { TaskPlan, TaskStep } from "../../../src/planner/task/TaskPlan.js";

const TASK: TaskSpec = { name: "fetch", hold: 0, timeout: 60, goal: [], costs: [], guardrails: [] };
const GOAL = [{ kind: "tool_pose", spec: {} }];
const step = (name: string, o: Partial<TaskStep> = {}): TaskStep => ({
  option: "grasp cup",
  name,
  words: name,
  goal: GOAL,
  guardrails: [],
  ...o,
});
const plan = (steps: readonly TaskStep[]): TaskPlan => ({
  steps,
  options: [],
  cost: 1,
  bound: 1,
  proven: true,
  expanded: 1,
  time: 0,
});

/** An owner that notes what it is asked for; the arm is wherever `there` says. */
function runOf(steps: readonly TaskStep[], mayOpen = "", waits = false) {
  const log: string[] = [],
    hands: HandCommand[] = [],
    requests: StepRequest[] = [];
  const arm = { there: false, holds: false };
  const arrival = (of: "there" | "holds"): Arrival =>
    ({ update: () => arm[of], resting: false, monitor: { error: 2, update: () => false } }) as unknown as Arrival;
  const run = new StepRun(TASK, arrival("holds"), () => arrival("there"), 0.1, {
    plan: (request) => void requests.push(request),
    step: (task) => void log.push(task?.name ?? "rest"),
    hand: (command) => {
      if (mayOpen === "") hands.push(command);
      return mayOpen;
    },
    waits: () => waits,
  });
  let stamp = 0;
  const at = (o: Partial<State> = {}): State => ({
    stamp: (stamp += 0.01),
    q: new Float64Array(1),
    v: new Float64Array(1),
    objects: new Map(),
    bodies: [],
    ...o,
  });
  run.begin(at());
  run.planned(plan(steps), at());
  return { run, log, hands, requests, arm, at };
}
const hand = (stamp: number, aperture: number): State["hand"] => ({ stamp, aperture, speed: 0 });
const held = (id: string): State["held"] => ({ id, pose: new Float64Array(12), parts: [], mass: 0, positionStd: 0 });

describe("the run of a plan's steps", () => {
  it("gives the steps one by one, each once the one before holds at rest, and ends where the goals hold", () => {
    const { run, log, arm, at } = runOf([step("approach"), step("descend"), step("lift")]);
    const seen: string[] = [];
    for (let i = 0; i < 20; i++) {
      arm.there = i % 3 === 2;
      arm.holds = i > 12;
      seen.push(run.step?.name ?? "end");
      if (run.update(at(), true)?.code === "NONE") break;
    }
    assert.deepEqual(log, ["rest", "fetch: approach", "fetch: descend", "fetch: lift", "rest"]);
    assert.deepEqual([...new Set(seen)], ["approach", "descend", "lift", "end"]);
    assert.equal(seen.length, 14); // it waits for the goals
  });

  it("plans anew if the goals do not hold after the last step", () => {
    const { run, requests, arm, at } = runOf([step("approach")]);
    arm.there = true;
    for (let i = 0; i < 150; i++) assert.equal(run.update(at(), true), undefined);
    assert.equal(requests.length, 2);
  });

  it("opens an empty hand on the way, and one that holds a thing only at rest, where it may", () => {
    const open = step("open", { grip: { aperture: 0.08, force: 10 } });
    const empty = runOf([open]);
    assert.equal(empty.hands.length, 1);
    const full = runOf([step("lower"), open]);
    full.arm.there = true;
    full.run.update(full.at({ held: held("cup") }), true);
    assert.equal(full.run.step?.name, "open");
    full.arm.there = false;
    for (let i = 0; i < 30; i++) full.run.update(full.at({ held: held("cup"), hand: hand(0, 0.03) }), false);
    assert.equal(full.hands.length, 0);
    full.arm.there = true;
    full.run.update(full.at({ held: held("cup"), hand: hand(0, 0.03) }), true);
    assert.equal(full.hands.length, 1);
    const barred = runOf([step("lower"), open], "cup is 9 cm above the table");
    barred.arm.there = true;
    for (let i = 0; i < 5; i++) barred.run.update(barred.at({ held: held("cup") }), true);
    assert.equal(barred.hands.length, 0);
    assert.deepEqual(barred.requests[1].failures, [{ option: "grasp cup", words: "cup is 9 cm above the table" }]);
  });

  it("tells the next plan what failed", () => {
    const { run, requests, log, at, arm } = runOf([
      step("close", { goal: [], grip: { aperture: 0.03, force: 10, holds: "cup" } }),
    ]);
    arm.there = true;
    for (let i = 0; i < 100 && requests.length === 1; i++) {
      const state = at();
      run.update({ ...state, hand: hand(state.stamp, 0.03) }, true);
    }
    assert.match(requests[1].failures[0].words, /closed to 30.0 mm and hold nothing, want cup/);
    assert.equal(log.at(-1), "rest");
    assert.equal(run.step, undefined);
  });

  it("waits for a thing that is not known yet, asking again, and then says that it is not", () => {
    const { run, requests, at } = runOf([step("approach")]);
    run.blocked("no way", at());
    const begun = requests.length;
    let end, last;
    for (let i = 0; i < 600 && end === undefined; i++) {
      const state = at();
      if (requests.length !== last) run.planned({ code: "UNKNOWN_OBJECT", message: "no cup" }, state);
      last = requests.length;
      end = run.update(state, true);
    }
    assert.deepEqual(end, { code: "UNKNOWN_OBJECT", message: "no cup" });
    assert.ok(requests.length - begun > 5, `asked ${requests.length - begun} times`);
  });

  it("gives a step up that comes no nearer to its end, but not while it waits for people", () => {
    const stuck = runOf([step("carry")]);
    for (let i = 0; i < 350; i++) stuck.run.update(stuck.at(), true);
    assert.equal(stuck.requests.length, 1);
    for (let i = 0; i < 100; i++) stuck.run.update(stuck.at(), true);
    assert.match(stuck.requests[1].failures[0].words, /comes no nearer/);
    const waiting = runOf([step("carry")], "", true);
    for (let i = 0; i < 2000; i++) waiting.run.update(waiting.at(), true);
    assert.equal(waiting.requests.length, 1);
  });

  it("ends with the refusal of a plan, and after too many plans, whatever happens", () => {
    const { run, at } = runOf([step("approach")]);
    run.blocked("no way", at());
    run.planned({ code: "NO_PLAN", message: "the cup is 9 cm wide" }, at());
    assert.deepEqual(run.update(at(), true), { code: "NO_PLAN", message: "the cup is 9 cm wide" });
    const rng = new Rng(3);
    const other = runOf([step("approach")]);
    let end;
    for (let i = 0; i < 1000 && end === undefined; i++) {
      if (other.run.step === undefined) other.run.planned(plan([step("approach")]), other.at());
      if (rng.uniform() < 0.5) other.run.blocked("no way", other.at());
      end = other.run.update(other.at(), true);
    }
    assert.equal(end?.code, "NO_PLAN");
    assert.match(end!.message, /no way/);
  });
});
