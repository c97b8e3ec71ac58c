import assert from "node:assert/strict";
import { test } from "node:test";
import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, person, watched, world } from "../guardrails/setups.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import type { State } from "../../src/core/State.js";
import type { Shape } from "../../src/core/geometry/Shape.js";

const a = arm("arm7"),
  n = a.nq,
  dt = 0.01,
  moving = watched(a);
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);
const wall: Shape = { kind: "box", center: [0.36, 0.02, 0.45], size: [0.04, 0.16, 0.9], orientation: [0, 0, 0, 1] };

const reflex = (guardrails: Guardrail[] = []): Reflex => {
  const r = new Reflex({ limits: a.limits, sweep: new Sweep(a), guardrails, dt, staleAfter: 0.1, trackingError: 0.02 });
  r.apply("configure");
  r.apply("activate");
  return r;
};

/** A plan that turns joint 1 (or all, at random) for a second. */
function plan(stamp: number, q: Float64Array, v: Float64Array, speed: (j: number) => number, H = 10): Plan {
  const out = new Float64Array((H + 1) * n),
    vs = new Float64Array((H + 1) * n);
  for (let j = 0; j < n; j++) {
    let x = q[j],
      s = v[j];
    for (let h = 0; h <= H; h++) {
      ((out[h * n + j] = x), (vs[h * n + j] = s));
      const w = s + Math.max(-0.8, Math.min(0.8, speed(j) - s));
      ((x += 0.05 * (s + w)), (s = w));
    }
  }
  return {
    level: "motion",
    stamp,
    dt: 0.1,
    H,
    substeps: 1,
    nu: n,
    nq: n,
    a: new Float32Array(H * n),
    q: out,
    v: vs,
    z: new Float32Array(0),
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 1,
    rollouts: 1,
    time: 0,
  };
}

/** The controller on the other side: follows the last command that left. */
class Follower {
  readonly q = start.slice();
  readonly v = new Float64Array(n);
  private last: Command | undefined;
  take(c: Command): void {
    this.last = { ...c, q: c.q.slice(), v: c.v.slice() };
  }
  at(t: number): this {
    if (this.last !== undefined && t >= this.last.stamp - 1e-9) sampleCommand(this.q, this.v, this.last, t);
    return this;
  }
}

/** Runs to the time given; `meddle` may change what the reflex is told, and says whether the command leaves. */
function run(
  r: Reflex,
  f: Follower,
  from: number,
  to: number,
  meddle: (t: number, k: number) => { leaves?: boolean; skip?: boolean; blind?: boolean; state?: State } = () => ({}),
): void {
  for (let k = Math.round(from / dt); k < Math.round(to / dt); k++) {
    const t = k * dt,
      o = meddle(t, k);
    f.at(t);
    if (!o.blind) r.observe(t, f.q.slice(), f.v.slice());
    if (o.skip) continue;
    const c = r.tick(t + dt, o.state ?? world(t));
    if (c !== undefined && o.leaves !== false) (f.take(c), r.commit(c));
  }
}

const still = (f: Follower, t: number): boolean => f.at(t).v.every((x) => Math.abs(x) < 1e-9);

test("a plan is followed; when it ends, the arm brakes to rest", () => {
  const r = reflex(),
    f = new Follower();
  r.observe(0, f.q, f.v);
  r.follow(plan(0.05, start, new Float64Array(n), (j) => (j === 0 ? 0.8 : 0), 5));
  run(r, f, 0, 0.4);
  assert.ok(f.v[0] > 0.5);
  run(r, f, 0.4, 1.5);
  assert.ok(still(f, 1.5) && r.idle(1.5));
});

test(
  "a command that was withdrawn never happened: " +
    "the next is anchored on the fail-safe trajectory of the last that left",
  () => {
    const r = reflex(),
      f = new Follower(),
      rng = new Rng(1);
    r.observe(0, f.q, f.v);
    r.follow(plan(0, start, new Float64Array(n), (j) => (j === 0 ? 1 : 0.3), 30));
    const last = new Follower();
    run(r, f, 0, 2.5, (t) => {
      const leaves = rng.uniform() < 0.6;
      (last.q.set(f.at(t + dt).q), last.v.set(f.v));
      f.at(t);
      return { leaves };
    });
    assert.equal(r.state.mode, "active"); // no tracking fault: reflex and follower agree all the way
    assert.ok(r.checks > 100);
  },
);

test("joint states older than allowed brake, and motion goes on only at rest and with fresh ones", () => {
  const r = reflex(),
    f = new Follower();
  r.observe(0, f.q, f.v);
  const p = plan(0, start, new Float64Array(n), () => 0.5, 30);
  r.follow(p);
  run(r, f, 0, 0.5);
  run(r, f, 0.5, 0.65, () => ({ blind: true }));
  assert.deepEqual([r.state.mode, r.reason.by], ["stopping", "stale_joint_states"]);
  run(r, f, 0.65, 1.2, () => ({ blind: true }));
  assert.ok(still(f, 1.2));
  assert.equal(r.state.mode, "stopping");
  run(r, f, 1.2, 1.3);
  assert.equal(r.state.mode, "active");
  assert.ok(still(f, 1.3)); // and nothing moves by itself
});

test("an arm that is not where it was commanded to be latches, whatever the number, NaN too", () => {
  for (const off of [0.05, -0.05, NaN, Infinity]) {
    const r = reflex(),
      f = new Follower();
    r.observe(0, f.q, f.v);
    r.follow(plan(0, start, new Float64Array(n), () => 0.5, 30));
    run(r, f, 0, 0.5);
    const q = f.at(0.5).q.slice();
    q[3] += off;
    r.observe(0.5, q, f.v);
    assert.deepEqual([r.state.mode, r.state.next, r.reason.by], ["stopping", "latched", "tracking"]);
    r.apply("fault", "later");
    assert.equal(r.reason.by, "tracking"); // the first reason is the one told
    run(r, f, 0.5, 1.2);
    assert.equal(r.state.mode, "latched");
    assert.ok(still(f, 1.2));
    r.apply("reset");
    run(r, f, 1.2, 1.4);
    assert.ok(still(f, 1.4)); // reset starts no motion
  }
});

test(
  "whatever fails, at whatever place and time, the arm brakes along a verified path: " +
    "limits and wall hold, the motion has no jump, and it ends at rest",
  () => {
    const oracle = new OracleGeometry(a);
    let moved = 0;
    for (let seed = 0; seed < 60; seed++) {
      const rng = new Rng(seed);
      let broken = "";
      const guardrail = new KeepOut("wall", [wall], moving, 0.01);
      const flaky: Guardrail = {
        name: "flaky",
        unit: "m",
        escapable: true,
        margin: (rollouts, out, K) => {
          if (broken === "throw") throw new Error("injected");
          guardrail.margin(rollouts, out, K);
          if (broken === "nan") out.fill(NaN, 0, K);
        },
      };
      const r = reflex([flaky]),
        f = new Follower(),
        before = new Float64Array(n),
        vBefore = new Float64Array(n);
      r.observe(0, f.q, f.v);
      run(r, f, 0, 3, (t, k) => {
        const p = f.at(t).q.slice();
        if (k > 0)
          for (let j = 0; j < n; j++) {
            assert.ok(
              Math.abs(p[j] - before[j]) <= a.limits.velocity[j] * dt + 1e-9,
              `jump of joint ${j} at ${t}, seed ${seed}`,
            );
            assert.ok(
              Math.abs(f.v[j] - vBefore[j]) <= a.limits.acceleration[j] * dt * (1 + 1e-9),
              `${f.v[j] - vBefore[j]} of joint ${j} at ${t}, seed ${seed}`,
            );
            assert.ok(p[j] >= a.limits.lo[j] - 1e-9 && p[j] <= a.limits.hi[j] + 1e-9);
          }
        if (k % 5 === 0)
          for (const c of oracle.place(p) && moving)
            assert.ok(oracle.toShape(c, wall) > 0, `touches the wall at ${t}, seed ${seed}`);
        (before.set(p), vBefore.set(f.v));
        moved += Math.abs(f.v[0]);
        broken = "";
        if (k % 7 === 0 && t < 2.2) {
          const q = r.q.slice(),
            speeds = Float64Array.from({ length: n }, () => rng.range(-2, 2));
          const one = plan(t, q, r.v.slice(), (j) => speeds[j]);
          if (rng.bits() % 4 === 0) one.q[rng.bits() % one.q.length] = [NaN, Infinity, 1e12][rng.bits() % 3];
          if (rng.bits() % 4 === 0) one.v[rng.bits() % one.v.length] = [NaN, -Infinity, -1e12][rng.bits() % 3];
          r.follow(one);
        }
        if (t > 2.2) r.follow(undefined);
        switch (rng.bits() % 12) {
          case 0:
            return { leaves: false };
          case 1:
            return { skip: true }; // a deadline missed
          case 2:
            broken = "throw";
            return {};
          case 3:
            broken = "nan";
            return {};
          case 4:
            return { state: { ...world(t), bodies: [person([9, 9, 9], [9, 9, NaN], 1, t)] } };
          case 5:
            return { state: world(t - 5) };
          default:
            return {};
        }
      });
      assert.ok(still(f, 3.2), `still moving at the end, seed ${seed}`);
    }
    assert.ok(moved > 100, "and it did move");
  },
);

test(
  "an arm that stands in a keep-out's clearance backs out of it when no plan is admissible, " +
    "and its margin only grows",
  () => {
    const oracle = new OracleGeometry(a),
      sweep = new Sweep(a);
    const least = (q: Float64Array, s: Shape): number =>
      Math.min(...Array.from(moving, (c) => oracle.place(q).toShape(c, s)));
    let tried = 0;
    for (let seed = 0; tried < 12 && seed < 400; seed++) {
      const rng = new Rng(seed),
        f = new Follower();
      const box: Shape = {
        kind: "box",
        center: [rng.range(0.2, 0.5), rng.range(-0.2, 0.2), rng.range(0.2, 0.6)],
        size: [0.05, 0.05, 0.05],
        orientation: [0, 0, 0, 1],
      };
      if (!(least(start, box) > 0.002 && least(start, box) < 0.008)) continue;
      tried++;
      const r = new Reflex({
        limits: a.limits,
        sweep,
        guardrails: [new KeepOut("box", [box], moving, 0.01)],
        dt,
        staleAfter: 0.1,
        trackingError: 0.02,
      });
      (r.apply("configure"), r.apply("activate"));
      r.observe(0, f.q, f.v);
      r.recover();
      let best = least(start, box);
      run(r, f, 0, 3, (t) => {
        const now = least(f.at(t).q, box);
        assert.ok(now >= best - 1e-3 - 1e-9);
        best = Math.max(best, now);
        return {};
      });
      assert.ok(least(f.q, box) > 0.01, `ends ${least(f.q, box)} m away, began ${least(start, box)}`);
      assert.ok(still(f, 3.2));
    }
    assert.ok(tried >= 5, `${tried} boxes`);
  },
);

test(
  "other limits while the arm moves: it comes to rest on the fail-safe trajectory made under the old ones, " +
    "and only then goes on, within the new ones",
  () => {
    const r = reflex(),
      f = new Follower(),
      slow = {
        ...a.limits,
        velocity: a.limits.velocity.map(() => 1.05),
        acceleration: a.limits.acceleration.map(() => 4),
      };
    const turn = (t: number): void => r.follow(plan(t, f.at(t).q.slice(), f.v.slice(), (j) => (j === 0 ? 1 : 0), 40));
    r.observe(0, f.q, f.v);
    turn(0);
    run(r, f, 0, 0.5);
    r.guard([], undefined, a.limits);
    turn(0.5);
    run(r, f, 0.5, 0.6);
    assert.ok(f.v[0] > 0.9, "the same limits change nothing");
    r.guard([], undefined, slow);
    turn(0.6);
    run(r, f, 0.6, 0.75, (t) => {
      assert.ok(f.at(t).v[0] <= Math.max(0, 1 - 8 * (t - 0.62)) + 0.05, `${f.v[0]} rad/s at ${t}`);
      return {};
    });
    const before = f.v.slice();
    run(r, f, 0.75, 2.5, (t) => {
      f.at(t);
      if (t > 0.77)
        for (let j = 0; j < n; j++)
          assert.ok(
            Math.abs(f.v[j]) <= 1.05 + 1e-9 && Math.abs(f.v[j] - before[j]) <= 4 * dt + 1e-9,
            `joint ${j + 1}: from ${before[j]} to ${f.v[j]} rad/s at ${t}`,
          );
      before.set(f.v);
      return {};
    });
    assert.ok(f.v[0] > 0.5, "and it goes on");
  },
);
