import assert from "node:assert/strict";
import { test } from "node:test";
import { Reflex } from "../../src/reflex/Reflex.js";
import { ConfigError, parseRobot, parseYaml } from "../../src/config/index.js";
import { expectedTrackingError } from "../../src/agent/robot/trackingError.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../src/core/math/Rng.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { linkSpeed } from "../../src/guardrails/margins/linkSpeed.js";
import { SelfCollision } from "../../src/guardrails/margins/SelfCollision.js";
import { Spill } from "../../src/guardrails/margins/Spill.js";
import { ToolTilt } from "../../src/guardrails/margins/ToolTilt.js";
import { levers } from "../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { arm, asMeans, between, randomPaths, robots, watched, world } from "../guardrails/setups.js";

const angle = (z: number, d: number): number => Math.acos(Math.max(-1, Math.min(1, z * d)));

for (const name of robots)
  test(
    `${name}: joints that are off by the tracking error, each its own way, ` +
      "leave no enclosure, come together no nearer and tilt no farther than told",
    () => {
      const error = 0.02,
        bare = arm(name),
        a = { ...bare, trackingError: error },
        n = a.nq,
        rng = new Rng(3),
        sweep = new Sweep(a),
        oracle = new OracleGeometry(a);
      const r = randomPaths(a, 40, 4, 0.01, rng, 0.3),
        apart = new Float64Array(r.K),
        tilt = new Float64Array(r.K),
        liquid = new Float64Array(r.K),
        radii = Float64Array.from(a.capsules, (c) => c.radius);
      sweep.fill(r);
      new SelfCollision(
        a.selfPairs,
        Int32Array.from(a.capsules, (c) => c.link),
        radii,
        levers(a),
        0,
      ).margin(r, apart, r.K);
      new ToolTilt(3, new Uint8Array(n).fill(1)).margin(r, tilt, r.K);
      new Spill(a, 3).margin(asMeans(r), liquid, r.K);
      let slack = Infinity,
        widest = 0;
      for (let k = 0; k < r.K; k++) {
        let near = Infinity,
          tilted = 0,
          spilt = 0;
        for (let i = 0; i + 1 < r.N; i++)
          for (let m = 0; m < 12; m++) {
            const s = m < 2 ? 0 : m / 11,
              q = between(r, k, i, s);
            for (let j = 0; j < n; j++) q[j] += (rng.bits() & 1 ? 1 : -1) * error;
            oracle.place(q);
            for (let c = 0; c < r.nc; c++) {
              const o = (k * r.N + i) * r.nc + c,
                room = r.radius[o] - radii[c];
              for (const t of [0, 1]) slack = Math.min(slack, room - oracle.pointToSegment(c, t, r.capsules, 6 * o));
              widest = Math.max(widest, r.growth[c]);
            }
            for (let p = 0; p < a.selfPairs.length; p += 2)
              near = Math.min(near, oracle.between(a.selfPairs[p], a.selfPairs[p + 1]));
            tilted = Math.max(tilted, angle(oracle.tool[10], -1));
            if (s === 0) spilt = Math.max(spilt, angle(oracle.tool[10], 1));
          }
        assert.ok(apart[k] <= near + 1e-9, `links ${near} m apart, told ${apart[k]}`);
        assert.ok(3 - tilt[k] >= tilted - 1e-9, `tilt ${tilted}, told ${3 - tilt[k]}`);
        assert.ok(3 - liquid[k] >= spilt - 1e-9, `liquid ${spilt}, told ${3 - liquid[k]}`);
      }
      assert.ok(slack >= -1e-12, `a link left its capsule by ${-slack} m`);
      assert.ok(widest > 0.01 && widest < error * 5);
      const plain = randomPaths(a, 40, 4, 0.01, new Rng(3), 0.3);
      new Sweep(bare).fill(plain);
      for (let o = 0; o < r.radius.length; o++) {
        assert.ok(
          Math.abs(r.radius[o] - plain.radius[o] - r.growth[o % r.nc]) < 1e-12,
          "without an error the enclosures are as they were",
        );
        assert.ok(
          Math.abs(linkSpeed(r, o, radii[o % r.nc]) - linkSpeed(plain, o, radii[o % r.nc])) < 1e-9,
          "and links are no faster for it",
        );
      }
      const slow = new Float64Array(r.K),
        still = new Float64Array(r.K);
      new ToolTilt(3, new Uint8Array(n).fill(1)).margin(plain, slow, r.K);
      new Spill(a, 3).margin(asMeans(plain), still, r.K);
      for (let k = 0; k < r.K; k++)
        assert.ok(Math.abs(slow[k] - tilt[k] - n * error) < 1e-9 && Math.abs(still[k] - liquid[k] - n * error) < 1e-9);
    },
  );

test(
  "an error beyond the expected one makes the links grow until it is gone; " +
    "one that is no number counts as the greatest that is no fault",
  () => {
    const a = { ...arm("arm7"), trackingError: 0.001 },
      sweep = new Sweep(a),
      zero = new Float64Array(a.nq);
    const r = new Reflex({ limits: a.limits, sweep, guardrails: [], dt: 0.01, staleAfter: 0.1, trackingError: 0.05 });
    (r.apply("configure"), r.apply("activate"));
    const q = a.home.slice(),
      turn = { stamp: 0, dt: 0.5, N: 3, nq: a.nq, q: new Float64Array(3 * a.nq), v: new Float64Array(3 * a.nq) };
    for (let i = 0; i < 3; i++) turn.q.set(q, i * a.nq);
    ((turn.q[a.nq] += 0.1), (turn.q[2 * a.nq] += 0.1));
    r.commit(turn);
    assert.equal(sweep.error[0], 0.001);
    r.observe(0, q, zero);
    assert.equal(sweep.error[0], 0.001);
    r.observe(
      0.01,
      q.map((x, j) => (j === 3 ? x + 0.02 : x)),
      zero,
    );
    assert.ok(Math.abs(sweep.error[0] - 0.02) < 1e-3);
    assert.equal(r.state.mode, "active"); // and nothing is latched
    for (let i = 0; i < 10; i++) r.observe(0.02, q, zero);
    assert.ok(sweep.error[0] < 0.01 && sweep.error[0] > 0.001);
    for (let i = 0; i < 40; i++) r.observe(0.02, q, zero);
    assert.ok(sweep.error[0] < 0.0013, `${sweep.error[0]}`);
    r.observe(
      0.03,
      q.map(() => NaN),
      zero,
    );
    assert.equal(sweep.error[0], 0.05);
    for (let i = 0; i < 100; i++) r.observe(2, q, zero); // at rest, nothing is commanded
    assert.equal(sweep.error[0], 0.001);
  },
);

test(
  "of joints that may be off by different amounts each is held to its own, " + "and its link grows by its own share",
  () => {
    for (let seed = 1; seed <= 12; seed++) {
      const rng = new Rng(seed),
        a = { ...arm("arm7"), trackingError: Float64Array.from({ length: 7 }, () => 10 ** rng.range(-4, -3)) },
        n = a.nq,
        sweep = new Sweep(a),
        zero = new Float64Array(n);
      const most = Float64Array.from({ length: n }, () => 10 ** rng.range(-3, -1)),
        r = new Reflex({ limits: a.limits, sweep, guardrails: [], dt: 0.01, staleAfter: 0.1, trackingError: most });
      (r.apply("configure"), r.apply("activate"));
      const q = a.home.slice(),
        creep = { stamp: 0, dt: 0.5, N: 3, nq: n, q: new Float64Array(3 * n), v: new Float64Array(3 * n) };
      for (let i = 0; i < 3; i++) creep.q.set(q, i * n);
      for (let j = 0; j < n; j++) creep.q[2 * n + j] += 1;
      r.commit(creep);
      r.observe(0, q, zero);
      const share = rng.range(0.2, 0.95),
        worst = Math.floor(rng.uniform() * n),
        lost = seed % 2 === 0; // a share of what each may be off; one may be beyond
      const size = (j: number): number => {
        if (j !== worst) return share * rng.uniform();
        return lost ? 1.05 : share;
      };
      const off = most.map((e, j) => (rng.uniform() < 0.5 ? 1 : -1) * e * size(j));
      r.observe(
        0.001,
        q.map((x, j) => x + off[j]),
        zero,
      );
      assert.equal(
        r.state.mode === "active",
        !lost,
        `seed ${seed}: joint ${worst + 1} off by ${off[worst]}, may be by ${most[worst]}: ${r.reason.by}`,
      );
      if (!lost)
        for (let j = 0; j < n; j++)
          assert.ok(
            Math.abs(sweep.error[j] - Math.max(a.trackingError[j], share * most[j])) < 1e-4 * most[j] + 1e-6,
            `seed ${seed}, joint ${j + 1}: grown for ${sweep.error[j]}`,
          );
    }
  },
);

test(
  "pressed against what it cannot move, " +
    "the arm gives way to where it is as soon as its safety filter is shut by that, and is never lost",
  () => {
    const a = { ...arm("arm7"), trackingError: 0.001 },
      n = a.nq,
      sweep = new Sweep(a),
      controller = new JointTrajectoryController(a.jointNames),
      zero = new Float64Array(n);
    const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0),
      oracle = new OracleGeometry(a),
      hit = 0.02; // rad, where the first joint meets something
    oracle.place(start);
    const far = Math.max(
      ...Array.from(watched(a), (c) => Math.max(oracle.ends[6 * c], oracle.ends[6 * c + 3]) + a.capsules[c].radius),
    );
    const wall = new KeepOut("wall", [{ kind: "halfSpace", normal: [-1, 0, 0], offset: -far - 0.015 }], watched(a), 0);
    const r = new Reflex({
      limits: a.limits,
      sweep,
      guardrails: [wall],
      dt: 0.01,
      staleAfter: 0.1,
      trackingError: 0.05,
    });
    const way = {
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
    };
    controller.hold(start);
    (r.apply("configure"), r.apply("activate"), r.observe(0, start, zero));
    r.follow({
      ...way,
      q: Float64Array.from({ length: 31 * n }, (_, i) => start[i % n] + (i % n === 0 ? 0.02 * Math.floor(i / n) : 0)),
      v: Float64Array.from({ length: 31 * n }, (_, i) => (i % n === 0 && i >= n ? 0.2 : 0)),
    });
    let most = 0,
      least = Infinity;
    for (let i = 0; i < 200; i++) {
      const t = i / 100;
      controller.sample(t);
      const measured = controller.q.map((x, j) => (j === 0 ? Math.min(x, hit) : x)),
        error = controller.q[0] - measured[0];
      most = Math.max(most, error);
      if (t > 1) least = Math.min(least, error);
      r.observe(
        t,
        measured,
        controller.v.map((x, j) => (j === 0 && error > 0 ? 0 : x)),
      );
      const c = r.tick(t + 0.033, { ...world(t), q: start, v: zero });
      if (c === undefined) continue;
      controller.accept(
        {
          stamp: c.stamp,
          jointNames: a.jointNames,
          points: Array.from({ length: c.N }, (_, k) => ({
            positions: c.q.slice(k * n, (k + 1) * n),
            velocities: c.v.slice(k * n, (k + 1) * n),
            accelerations: [],
            timeFromStart: k * c.dt,
          })),
        },
        t,
      );
      r.commit(c);
    }
    assert.ok(most > 0.005 && r.stopped > 0, `pressed by ${most} rad at most, ${r.stopped} steps refused`);
    assert.ok(least < 0.002, `still pressed by ${least} rad`);
    assert.equal(r.state.mode, "active");
  },
);

test("a robot's expected tracking error is at most that which is a fault, and every arm has one", () => {
  assert.throws(
    () => parseRobot(parseYaml("name: r\ntracking_error: 0.01 rad\nexpected_tracking_error: 0.02 rad", "r.yaml")),
    (e) =>
      e instanceof ConfigError &&
      /r\.yaml:3:\d+ expected_tracking_error: got 0\.02, want at most tracking_error, 0\.01 \(rad\)/.test(e.message),
  );
  for (const robot of robots)
    assert.ok(expectedTrackingError(loadSetup({ robot, agent: "default" })).every((e) => e > 0));
});
