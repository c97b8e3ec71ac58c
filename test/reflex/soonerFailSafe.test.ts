import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrival } from "../../src/agent/task/Arrival.js";
import type { GoalMonitor } from "../../src/agent/task/GoalMonitor.js";
import { Reflex } from "../../src/reflex/Reflex.js";
import { startState } from "../../src/reflex/startState.js";
import type { Body } from "../../src/core/Body.js";
import type { Command } from "../../src/core/Command.js";
import { JoinedCommands } from "../../src/core/commands/JoinedCommands.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { Separation } from "../../src/guardrails/margins/Separation.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import { arm, watched, world } from "../guardrails/setups.js";

/**
 * Where to stop is urgent, the fail-safe trajectory of a command sent before is sent again, so that the arm need not go
 * through all the steps sent ahead.
 */
const a = arm("arm7"),
  n = a.nq,
  dt = 0.01,
  moving = watched(a);
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);
const near: Body = {
  id: "visitor",
  kind: "person",
  p0: [0.5, 0, 0],
  p1: [0.5, 0, 1],
  radius: 0.3,
  speedBound: 1.6,
  stamp: 0,
};
const plan: Plan = {
  level: "motion",
  stamp: 0,
  dt: 0.1,
  H: 30,
  substeps: 1,
  nu: n,
  nq: n,
  a: new Float32Array(30 * n),
  z: new Float32Array(0),
  energy: 0,
  energies: {},
  feasible: true,
  iterations: 1,
  rollouts: 1,
  time: 0,
  q: Float64Array.from(
    { length: 31 * n },
    (_, i) => start[i % n] + (i % n < 2 ? 0.08 * Math.floor(i / n) * (1 - (i % n)) : 0),
  ),
  v: Float64Array.from({ length: 31 * n }, (_, i) => (i % n === 0 && i >= n ? 0.8 : 0)),
};

/** Reflex and controller on one clock; `loses` says of each command whether it gets lost on the way out. */
class Loop {
  readonly controller = new JointTrajectoryController(a.jointNames);
  readonly reflex = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [new KeepOut("keep_out", [], moving, 0.01), new Separation(moving, 0.02)],
    dt,
    staleAfter: 0.1,
    trackingError: 0.05,
  });
  readonly joined = new JoinedCommands(0.033);
  readonly sent: { readonly now: number; readonly command: Command }[] = [];
  t = 0;
  bodies: Body[] = [];
  blind = false;
  loses = (_: Command): boolean => false;

  constructor(readonly lead = 0.033) {
    this.controller.hold(start);
    this.reflex.apply("configure");
    this.reflex.apply("activate");
    for (const t of [-dt, 0]) this.reflex.observe(t, start.slice(), new Float64Array(n)); // it is seen to rest
    this.reflex.follow(plan);
  }

  tick(): void {
    const { reflex, controller, joined, t, lead } = this;
    controller.sample(t);
    if (!this.blind) reflex.observe(t, controller.q.slice(), controller.v.slice());
    const c = reflex.tick(t + lead, { ...world(t), bodies: this.bodies.map((b) => ({ ...b, stamp: t })) });
    if (c !== undefined && !this.loses(c)) {
      this.sent.push({ now: t, command: { ...c, q: c.q.slice(), v: c.v.slice() } });
      const { origin, since, knots } = joined.of(c);
      controller.accept(
        {
          stamp: origin + since,
          jointNames: a.jointNames,
          points: knots.map((k) => ({ positions: k.q, velocities: k.v, accelerations: [], timeFromStart: k.t })),
        },
        t,
      );
      reflex.commit(c);
    }
    this.t = Math.round((t + dt) * 1e6) / 1e6;
  }

  until(t: number): this {
    while (this.t < t - 1e-9) this.tick();
    return this;
  }

  /** The controller's set-points from now on, a millisecond apart, until they rest. */
  *setPoints(): Generator<{ t: number; v: number }> {
    for (let t = this.t; ; t = Math.round((t + 0.001) * 1e6) / 1e6) {
      if (t >= this.t - 1e-9) this.tick();
      this.controller.sample(t);
      yield { t, v: this.controller.v[0] };
      if (t > 1 || Math.max(...this.controller.v.map(Math.abs)) < 1e-9) return;
    }
  }
}

const urgent: Record<string, (l: Loop) => void> = {
  "a person who must not be met": (l) => l.bodies.push(near),
  "an emergency stop": (l) => l.reflex.apply("fault", "emergency_stop"),
  "a deactivation": (l) => l.reflex.apply("deactivate", "deactivate"),
  "no plan that is admissible": (l) => l.reflex.recover(),
};

for (const [what, happens] of Object.entries(urgent))
  test(
    `${what}: the set-point brakes from the first knot 2 ms or more after the next tick, ` +
      "as hard as it may, to rest",
    () => {
      for (let seed = 1; seed <= 20; seed++) {
        const l = new Loop().until(0.1 + dt * Math.floor(new Rng(seed).range(0, 20)));
        const from = l.t;
        happens(l);
        const path = [...l.setPoints()],
          fastest = Math.max(...path.map((p) => p.v));
        for (const { t, v } of path.filter((p) => p.t > from + 0.003 + 1e-9)) {
          const before = path.find((p) => Math.abs(p.t - (t - 0.001)) < 1e-9)!.v;
          assert.ok(
            v <= before + 1e-9 && (v < 1e-9 || before - v > 0.9 * a.limits.acceleration[0] * 0.001),
            `seed ${seed}: ${before} → ${v} rad/s at ${t - from} s`,
          );
        }
        assert.ok(path.at(-1)!.t - from <= 0.003 + fastest / a.limits.acceleration[0] + dt);
      }
    },
  );

test(
  "the fail-safe trajectory that is sent again is, bit for bit, the end of a command that was sent, " +
    "still to come when it is, and the path meets it without a leap",
  () => {
    for (let seed = 1; seed <= 30; seed++) {
      const rng = new Rng(seed);
      const l = new Loop(seed % 2 === 0 ? 0.033 : 0.0315); // with the second the next knot is nearer than 2 ms
      l.loses = () => rng.uniform() < 0.3;
      l.until(0.1 + dt * Math.floor(rng.range(0, 20)));
      const [before, last] = [l.sent.slice(), l.sent.at(-1)!.command];
      l.loses = () => false;
      l.bodies.push(near);
      l.tick();
      const again = l.sent[before.length];
      if (again === undefined) continue; // the path sent had no step left
      const { now, command: failSafe } = again;
      assert.ok(failSafe.stamp >= now + 0.002 && failSafe.stamp <= last.stamp);
      assert.ok(failSafe.v.subarray((failSafe.N - 1) * n).every((v) => v === 0));
      const of = before.find(
        ({ command: c }) =>
          c.N > failSafe.N && c.q.subarray((c.N - failSafe.N) * n).every((x, i) => x === failSafe.q[i]),
      )!;
      assert.ok(Math.abs(of.command.stamp + (of.command.N - failSafe.N) * dt - failSafe.stamp) < 1e-9);
      const inForce = before.findLast(({ command: c }) => c.stamp < failSafe.stamp - 1e-6)!.command,
        q = new Float64Array(n),
        v = new Float64Array(n);
      sampleCommand(q, v, inForce, failSafe.stamp);
      q.forEach((x, j) => assert.ok(Math.abs(x - failSafe.q[j]) < 1e-9 && Math.abs(v[j] - failSafe.v[j]) < 1e-9));
    }
  },
);

test(
  "one that did not leave is tried again at the next tick, " + "from a later knot; once on it nothing more is sent",
  () => {
    const l = new Loop().until(0.2);
    l.bodies.push(near);
    const count = l.sent.length,
      stamps: number[] = [];
    l.loses = (c) => stamps.push(c.stamp) === 1;
    for (let k = 0; k < 6; k++) l.tick();
    assert.equal(stamps.length, 2);
    assert.ok(Math.abs(stamps[1] - stamps[0] - dt) < 1e-9);
    assert.equal(l.sent.length, count + 1);
  },
);

test("where the arm comes to rest anyway before any knot that can still be changed, nothing is sent", () => {
  const l = new Loop().until(0.2);
  l.reflex.follow(undefined);
  l.until(0.2 + 0.2); // on the fail-safe trajectory of the last command, whose stop has all but ended
  while (!l.reflex.idle(l.t + 0.003 + dt)) l.tick();
  const count = l.sent.length;
  l.bodies.push(near);
  for (let k = 0; k < 4; k++) l.tick();
  assert.equal(l.sent.length, count);
});

test(
  "an arm that is brought to rest because its goals hold is sent nothing, " +
    "and ends where arrival was evaluated, to the way of a tick",
  () => {
    for (let seed = 1; seed <= 20; seed++) {
      const l = new Loop().until(0.6 + dt * Math.floor(new Rng(seed).range(0, 20))); // at one speed by then
      l.controller.sample(l.t);
      const q = l.controller.q.slice(),
        v = l.controller.v.slice(),
        speed = Math.abs(v[0]),
        predicted: Float64Array[] = [];
      const monitor = {
        error: 0,
        update: () => false,
        holding: () => 1,
        look: (there: { q: Float64Array }) => (predicted.push(there.q.slice()), 0),
      } as unknown as GoalMonitor;
      const arrival = new Arrival(monitor, 1, a.limits, l.lead);
      assert.equal(arrival.update({ ...world(l.t), q, v }, false), false);
      assert.ok(arrival.resting);
      l.reflex.follow(undefined);
      const count = l.sent.length;
      while (!l.reflex.idle(l.t)) l.tick();
      l.controller.sample(l.t);
      assert.equal(l.sent.length, count);
      q.forEach((x, j) =>
        assert.ok(
          Math.abs(l.controller.q[j] - predicted[0][j]) <= speed * dt + 1e-6,
          `seed ${seed}, joint ${j}: ${l.controller.q[j]}, predicted ${predicted[0][j]}, was at ${x}`,
        ),
      );
    }
  },
);

test(
  "where no plan is followed, hardest braking from what " + "is told to those who plan ends where the arm will rest",
  () => {
    for (const [happens, share] of [...Object.values(urgent), (l: Loop) => l.reflex.follow(undefined)].flatMap((h) => [
      [h, 1] as const,
      [h, 0.4] as const,
    ])) {
      const limits = { ...a.limits, acceleration: a.limits.acceleration.map((x) => share * x) },
        l = new Loop(); // under a task's own too
      if (share < 1) l.reflex.guard(l.reflex.guardrails, undefined, limits);
      happens(l.until(0.3));
      for (let k = 0; k < 6; k++) l.tick();
      const q = new Float64Array(n),
        v = new Float64Array(n),
        { commanded } = l.reflex;
      assert.equal(commanded.following, false);
      startState(q, v, commanded, undefined, limits, commanded.stamp + 10);
      l.until(l.t + 0.5);
      l.controller.sample(l.t);
      q.forEach((x, j) =>
        assert.ok(
          Math.abs(x - l.controller.q[j]) < 1e-9 && Math.abs(v[j]) < 1e-6,
          `joint ${j + 1} rests at ${l.controller.q[j]}, told ${x}`,
        ),
      );
    }
  },
);

test("silent joint states brake from the first knot after they are too old", () => {
  const l = new Loop().until(0.2);
  l.blind = true;
  l.until(0.31);
  assert.deepEqual([l.reflex.state.mode, l.reflex.reason.by], ["stopping", "stale_joint_states"]);
  const { command, now } = l.sent.at(-1)!;
  assert.ok(command.stamp - now < 0.003 + 1e-9 && command.stamp < l.sent.at(-2)!.command.stamp);
});

test(
  "where only a thing that stands still objects, " + "the fail-safe trajectory held already is as good, and goes on",
  () => {
    const l = new Loop().until(0.2);
    l.reflex.guard([
      new KeepOut(
        "keep_out",
        [{ kind: "box", center: [0, 0, 0], size: [4, 4, 4], orientation: [0, 0, 0, 1] }],
        moving,
        0.01,
      ),
    ]);
    const count = l.sent.length;
    l.until(0.3);
    assert.equal(l.reflex.reason.by, "keep_out");
    assert.equal(l.sent.length, count);
  },
);

test("an arm that is not where it was commanded to be is sent nothing", () => {
  const l = new Loop().until(0.2);
  const count = l.sent.length;
  l.blind = true;
  l.reflex.observe(
    0.19,
    start.map((x) => x + 1),
    new Float64Array(n),
  );
  assert.equal(l.reflex.reason.by, "tracking");
  l.until(0.3);
  assert.equal(l.sent.length, count);
});
