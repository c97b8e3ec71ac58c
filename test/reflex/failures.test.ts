import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { person, world } from "../guardrails/setups.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import type { Shape } from "../../src/core/geometry/Shape.js";
import { a, n, dt, moving, reflex, plan, Follower, run, still } from "./Follower.js";

// Whatever fails while the arm moves, it brakes along a verified path.

const wall: Shape = { kind: "box", center: [0.36, 0.02, 0.45], size: [0.04, 0.16, 0.9], orientation: [0, 0, 0, 1] };

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
