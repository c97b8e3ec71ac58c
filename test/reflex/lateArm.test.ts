import assert from "node:assert/strict";
import { test } from "node:test";
import { Reflex } from "../../src/reflex/Reflex.js";
import { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import type { Plan } from "../../src/core/Plan.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { PowerAndForce } from "../../src/guardrails/margins/PowerAndForce.js";
import { Separation } from "../../src/guardrails/margins/Separation.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, person, randomPaths, watched, world } from "../guardrails/setups.js";

const a = arm("arm7"),
  n = a.nq,
  LATE = 0.05;

test("people come nearer to an arm that follows late by what they walk meanwhile", () => {
  const radii = Float64Array.from(a.capsules, (c) => c.radius),
    K = 20,
    paths = randomPaths(a, K, 8, 0.05, new Rng(5));
  new Sweep(a).fill(paths, K);
  paths.from = world(1, [person([1.2, 0.3, 0], [1.2, 0.3, 1.7], 0.2, 0.9, 1.3)]);
  const margin = (g: Guardrail): Float64Array => {
    const out = new Float64Array(K);
    g.margin(paths, out, K);
    return out;
  };
  const pairs: [Guardrail, Guardrail][] = [
    [new Separation(watched(a), 0.02), new Separation(watched(a), 0.02, LATE)],
    [
      new PowerAndForce(watched(a), radii, 0.02, new Map()),
      new PowerAndForce(watched(a), radii, 0.02, new Map(), LATE),
    ],
  ];
  for (const [prompt, late] of pairs) {
    const other = margin(late);
    margin(prompt).forEach((m, k) =>
      assert.ok(Math.abs(m - other[k] - 1.3 * LATE) < 1e-9, `${prompt.name}: ${m} m, late ${other[k]} m`),
    );
  }
});

test(
  "an arm that is where it was told to be a delay before is on its way: " +
    "nothing grows, nothing is late, nothing is lost, until it rests and after",
  () => {
    const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0),
      dt = 0.01,
      sweep = new Sweep(a),
      q = new Float64Array(n),
      v = new Float64Array(n);
    const r = new Reflex({
      limits: a.limits,
      sweep,
      guardrails: [],
      dt,
      staleAfter: 0.1,
      trackingError: 0.05,
      delay: LATE,
    });
    const plan: Plan = {
      level: "motion",
      stamp: 0,
      dt: 0.1,
      H: 10,
      substeps: 1,
      nu: n,
      nq: n,
      a: new Float32Array(10 * n),
      z: new Float32Array(0),
      energy: 0,
      energies: {},
      feasible: true,
      iterations: 1,
      rollouts: 1,
      time: 0,
      q: Float64Array.from({ length: 11 * n }, (_, i) => start[i % n] + (i % n === 0 ? 0.15 * Math.floor(i / n) : 0)),
      v: Float64Array.from({ length: 11 * n }, (_, i) => (i % n === 0 && i >= n ? 1.5 : 0)),
    };
    const sent: Parameters<typeof r.commit>[0][] = [],
      grown = sweep.error.slice();
    r.apply("configure");
    r.apply("activate");
    for (const t of [-dt, 0]) r.observe(t, start.slice(), new Float64Array(n));
    r.follow(plan);
    let fastest = 0;
    for (let t = 0; t < 2; t = Math.round((t + dt) * 1e6) / 1e6) {
      const c = sent.findLast((x) => x.stamp <= t - LATE);
      q.set(start);
      v.fill(0);
      if (c !== undefined) sampleCommand(q, v, c, t - LATE);
      fastest = Math.max(fastest, v[0]);
      r.observe(t, q.slice(), v.slice());
      const command = r.tick(t + 0.033, world(t));
      if (command === undefined) continue;
      r.commit(command);
      sent.push({ ...command, q: command.q.slice(), v: command.v.slice() });
      assert.deepEqual([r.state.mode, r.reason.by], ["active", ""]);
      assert.ok(
        sweep.error.every((e, j) => e <= grown[j] + 1e-9),
        `links grew by ${sweep.error} rad`,
      );
    }
    assert.ok(fastest > 1.2 && r.state.mode === "active", `${fastest} rad/s, ${r.state.mode}`);
  },
);
