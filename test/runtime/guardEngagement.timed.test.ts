import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AgentStatus } from "../../src/agent/AgentPort.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { GuardRuntime } from "../../src/runtime/GuardRuntime.js";
import { proposalOf } from "../../src/runtime/Proposal.js";
import type { Plan } from "../../src/core/Plan.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import type { Command } from "../../src/core/Command.js";

/** The true guard and its thread on an arm that is where it was last commanded, or where a hand has put it. */
const loaded = loadSetup({ robot: "arm7", agent: "default", scene: "empty" });
/** At leisure: who is in charge is the matter here, not how soon a busy machine answers. */
const setup: AgentSetup = {
  ...loaded,
  agent: {
    ...loaded.agent,
    perception: { ...loaded.agent.perception, stale_after: 1 },
    reflex: { period: 0.04, lead: 0.2 },
  },
};
const { arm } = setup;
const clock = SharedClock.system();
const q = arm.home.slice(),
  v = new Float64Array(arm.nq);
let guard: GuardRuntime;
let status: AgentStatus | undefined;
let sent: Command[] = []; // newest last
let commands = 0;
const timers: NodeJS.Timeout[] = [];

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const limit = performance.now() + 60_000; !condition();) {
    assert.ok(
      performance.now() < limit,
      `${what}: never; ${status?.mode} by ${status?.stoppedBy}, last refused: ${status?.lastRejection}`,
    );
    await new Promise((r) => setTimeout(r, 5));
  }
}
const ticks = (n: number): Promise<void> => {
  let count = 0;
  const heard = guard.status.subscribe(() => count++);
  return until("statuses", () => count > n).finally(() => heard.unsubscribe());
};

before(async () => {
  guard = await GuardRuntime.start(setup, { clock });
  guard.status.subscribe((s) => (status = s));
  guard.commands.subscribe((c) => {
    sent = [...sent.slice(-50), { ...c, q: c.q.slice(), v: c.v.slice() }];
    commands++;
  });
  const observe = (): void => {
    const now = clock.now();
    const command = sent.findLast((c) => c.stamp <= now);
    if (command !== undefined) sampleCommand(q, v, command, now);
    guard.observeJoints({ stamp: now, names: arm.jointNames, positions: q.slice(), velocities: v.slice() });
  };
  timers.push(setInterval(observe, 10));
  await until("inactive", () => status?.mode === "inactive");
  guard.activate();
  await until("active", () => status?.mode === "active");
});
after(async () => {
  for (const timer of timers) clearInterval(timer);
  await guard.dispose();
});

/** A hand moves the arm at rest by 0.2 rad, three times what may be off, as fast as a joint may go. */
async function push(): Promise<void> {
  sent = [];
  for (let i = 0; i < 20; i++) {
    q[0] += 0.01;
    await new Promise((r) => setTimeout(r, 15));
  }
}
const turn = (by: number): Plan => {
  const H = 10,
    dt = 0.1,
    n = arm.nq,
    none = new Float32Array(0);
  const path = new Float64Array((H + 1) * n),
    speed = new Float64Array((H + 1) * n);
  for (let h = 0; h <= H; h++) {
    path.set(q, h * n);
    const s = h / H;
    path[h * n] += by * s * s * (3 - 2 * s);
    speed[h * n] = (by * 6 * s * (1 - s)) / (H * dt);
  }
  return {
    level: "motion",
    stamp: clock.now() + 0.1,
    dt,
    H,
    substeps: 1,
    nu: 0,
    nq: n,
    a: none,
    q: path,
    v: speed,
    z: none,
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 0,
    rollouts: 0,
    time: 0,
  };
};
const told = (plan: Plan | undefined): void => guard.propose(proposalOf(plan, arm.jointNames, "", clock.now()));

/** Proposes a turn until the arm has done it and rests; anew where a busy machine let a plan's time pass. */
async function move(by: number): Promise<NodeJS.Timeout> {
  const end = q[0] + by,
    from = commands;
  let plan = turn(by);
  const heart = setInterval(() => {
    if (clock.now() > plan.stamp + plan.H * plan.dt + 0.2 && v.every((x) => Math.abs(x) < 1e-3))
      plan = turn(end - q[0]);
    told(plan);
  }, 50);
  timers.push(heart);
  await until("the turn", () => commands > from && Math.abs(q[0] - end) < 0.02 && v.every((x) => Math.abs(x) < 1e-3));
  return heart;
}

test("while no agent wants it to move the arm is anybody's, and the next plan begins where it then is", async () => {
  clearInterval(await move(0.3));
  told(undefined);
  await ticks(10);
  await push();
  await ticks(10);
  assert.notEqual(status!.mode, "latched", `by ${status!.stoppedBy}`);
  clearInterval(await move(-0.3));
  assert.notEqual(status!.mode, "latched", `by ${status!.stoppedBy}`);
});

test("so it is when the agent fell silent", async () => {
  clearInterval(await move(0.3));
  await until("silence", () => status!.inputs.proposals > 0.3); // it is noticed with the status that says so
  await ticks(3);
  await push();
  await ticks(10);
  assert.notEqual(status!.mode, "latched", `by ${status!.stoppedBy}`);
});

test("while an agent wants it to move, an arm at rest that is found elsewhere latches", async () => {
  clearInterval(await move(-0.3));
  timers.push(setInterval(() => told({ ...turn(0), feasible: false }), 50)); // a task without an admissible plan
  await ticks(10);
  await push();
  await until("the latch", () => status!.mode === "latched");
  assert.equal(status!.stoppedBy, "moved");
});
