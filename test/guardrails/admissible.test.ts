import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import { viableVelocities } from "../../src/guardrails/filter/viableVelocities.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointVelocity } from "../../src/worldmodel/analytic/JointVelocity.js";
import { arm, robots, watched, world } from "./setups.js";

for (const name of robots)
  test(
    `${name}: a rollout of the search, whatever its actions, ` +
      "is a path that the safety filter takes step by step as it is, all but a hair at a limit's edge",
    () => {
      const a = arm(name),
        n = a.nq,
        delta = 0.01,
        K = 40,
        H = 8,
        substeps = 10,
        rng = new Rng(11),
        sweep = new Sweep(a);
      const model = new JointVelocity(a.limits, viableVelocities, sweep, 0.1, substeps, 0.02),
        r = new Rollouts({ K, H, substeps, dt: 0.1, nu: n, nq: n, nc: sweep.nc });
      for (let i = 0; i < r.a.length; i++)
        r.a[i] = rng.bits() % 3 === 0 ? Math.sign(rng.uniform() - 0.5) : rng.range(-1, 1);
      model.predict({ ...world(0), q: a.home.slice(), v: new Float64Array(n) }, r, K);
      const gate = new SafetyFilter(a.limits, sweep, [], delta);
      let touched = 0,
        most = 0;
      for (let k = 0; k < K; k++)
        for (let i = 0; i + 1 < r.N; i++) {
          const at = (k * r.N + i) * n,
            w = r.v.slice(at + n, at + 2 * n);
          const c = gate.step(0, r.q.slice(at, at + n), r.v.slice(at, at + n), w, world(0));
          assert.ok(c !== undefined);
          if (gate.verdict.kind !== "pass") touched++;
          for (let j = 0; j < n; j++)
            most = Math.max(most, Math.abs(c.v[n + j] - w[j]) / (a.limits.acceleration[j] * delta));
        }
      // S of the longer period is not quite within S of the shorter one while a joint comes to rest at its very limit
      assert.ok(
        touched <= 0.01 * K * H * substeps && most <= 1,
        `${touched} of ${K * H * substeps} steps touched, by at most ${most} Aδ`,
      );
    },
  );

test(
  "at the safety filter's own period a rollout that keeps the guardrails with its fail-safe trajectory passes the " +
    "safety filter bit for bit: " +
    "they are the same functions",
  () => {
    const a = arm("arm7"),
      n = a.nq,
      dt = 0.05,
      rng = new Rng(12),
      sweep = new Sweep(a),
      wall = new KeepOut(
        "wall",
        [{ kind: "box", center: [0.45, 0, 0.4], size: [0.1, 0.4, 0.4], orientation: [0, 0, 0, 1] }],
        watched(a),
        0.01,
      );
    const gate = new SafetyFilter(a.limits, sweep, [wall], dt),
      out = new Float64Array(1),
      v = new Float64Array(n);
    let both = 0,
      neither = 0;
    for (let i = 0; i < 3000; i++) {
      const q = Float64Array.from({ length: n }, (_, j) => rng.range(a.limits.lo[j], a.limits.hi[j]) * 0.8);
      const model = new JointVelocity(a.limits, viableVelocities, sweep, dt, 1, 0.02),
        r = new Rollouts({ K: 1, H: 2, substeps: 1, dt, nu: n, nq: n, nc: sweep.nc });
      // one step from rest; the second brakes, as the fail-safe trajectory does
      for (let j = 0; j < n; j++) r.a[j] = rng.range(-1, 1);
      model.predict({ ...world(0), q, v }, r, 1);
      for (let j = 0; j < n; j++) {
        r.v[2 * n + j] = 0;
        r.q[2 * n + j] = r.q[n + j] + 0.5 * r.v[n + j] * dt;
      }
      sweep.fill(r);
      wall.margin(r, out, 1);
      const c = gate.step(0, q, v, r.v.slice(n, 2 * n), world(0));
      if (out[0] >= 0) {
        both++;
        assert.equal(gate.verdict.kind, "pass");
        for (let j = 0; j < n; j++) assert.equal(c!.v[n + j], r.v[n + j]);
      } else {
        const still = new Rollouts({ K: 1, H: 0, substeps: 1, dt, nq: n, nc: sweep.nc });
        still.q.set(q);
        sweep.fill(still);
        wall.margin(still, out, 1);
        if (out[0] < 0) continue; // what begins in violation may leave it (Recovery)
        neither++;
        assert.notEqual(gate.verdict.kind, "pass");
      }
    }
    assert.ok(both > 300 && neither > 10, `${both} ${neither}`);
  },
);
