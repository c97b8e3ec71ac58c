import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { Spill } from "../../../src/guardrails/margins/Spill.js";
import { ToolTilt } from "../../../src/guardrails/margins/ToolTilt.js";
import { TorqueLimit, unloaded } from "../../../src/guardrails/margins/TorqueLimit.js";
import { Workspace } from "../../../src/guardrails/margins/Workspace.js";
import type { Arm } from "../../../src/kinematics/Arm.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { arm, jerky, watched, world } from "../setups.js";

/** Everything that looks at a path, in a world where it objects now and then. */
const guardrails = (a: Arm) => [
  new SelfCollision(
    a.selfPairs,
    Int32Array.from(a.capsules, (c) => c.link),
    Float64Array.from(a.capsules, (c) => c.radius),
    levers(a),
    0.005,
  ),
  new KeepOut(
    "box",
    [{ kind: "box", center: [0.6, 0.3, 0.3], size: [0.3, 0.3, 0.3], orientation: [0, 0, 0, 1] }],
    watched(a),
    0.01,
  ),
  new Workspace([-0.9, -0.9, -0.3], [0.9, 0.9, 1.4], watched(a)),
  new ToolTilt(2, new Uint8Array(a.nq).fill(1)),
  new Spill(a, 1.4, [0, 0, -1]),
  new TorqueLimit(a, [{ ...unloaded, mass: 4 }]),
];

for (const [name, a] of [
  ["arm7", arm("arm7")],
  ["arm7 with jerk limits", jerky("arm7")],
] as const)
  test(
    `${name}: paths share their memory, and none tells of another: ` +
      "a safety filter that has worked decides as one just made",
    () => {
      const n = a.nq,
        rng = new Rng(4),
        old = new SafetyFilter(a.limits, new Sweep(a), guardrails(a), 0.01),
        q = a.home.slice(),
        v = new Float64Array(n),
        u = new Float64Array(n),
        w = new Float64Array(n);
      let failSafe: { q: Float64Array; v: Float64Array; a: Float64Array; N: number; i: number } = {
          q: q.slice(),
          v: v.slice(),
          a: u.slice(),
          N: 1,
          i: 0,
        },
        objections = 0,
        passed = 0;
      for (let t = 0; t < 400; t++) {
        if (t % 20 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-1.2, 1.2) * a.limits.velocity[j];
        old.stand(a.home, world(0)); // to be told how an arm stands is to decide nothing
        const fresh = new SafetyFilter(a.limits, new Sweep(a), guardrails(a), 0.01),
          one = old.step(0, q, v, w, world(0), u),
          other = fresh.step(0, q, v, w, world(0), u);
        assert.deepEqual(
          [old.verdict, [...old.margins], one?.N, one && [...one.q], one && [...one.v]],
          [fresh.verdict, [...fresh.margins], other?.N, other && [...other.q], other && [...other.v]],
          `step ${t}`,
        );
        if (old.verdict.by !== "" && old.verdict.by !== "joint_limits") objections++;
        if (one !== undefined)
          (passed++,
            (failSafe = {
              q: one.q.slice(),
              v: one.v.slice(),
              a: accelerations(one.q, one.v, one.N, n),
              N: one.N,
              i: 0,
            }));
        failSafe.i = Math.min(failSafe.i + 1, failSafe.N - 1);
        for (let j = 0; j < n; j++)
          ((q[j] = failSafe.q[failSafe.i * n + j]),
            (v[j] = failSafe.v[failSafe.i * n + j]),
            (u[j] = failSafe.a[failSafe.i * n + j]));
      }
      assert.ok(objections > 10 && passed > 100, `${objections} objections, ${passed} commands`);
    },
  );

/** Where each interval ends, of the cubic through its knots. */
function accelerations(q: Float64Array, v: Float64Array, N: number, n: number): Float64Array {
  const a = new Float64Array(N * n);
  for (let i = n; i + n < a.length; i++) a[i] = (2 * v[i - n] + 4 * v[i] - (6 * (q[i] - q[i - n])) / 0.01) / 0.01;
  return a;
}
