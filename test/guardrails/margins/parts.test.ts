import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { Workspace } from "../../../src/guardrails/margins/Workspace.js";
import type { Arm } from "../../../src/kinematics/Arm.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, randomPaths, robots, watched, world } from "../setups.js";

const DT = 0.01;
const boxes: readonly Shape[] = [
  { kind: "box", center: [0.4, 0.2, 0.3], size: [0.2, 0.3, 0.4], orientation: [0, 0, 0, 1] },
  { kind: "halfSpace", normal: [0, 0, 1], offset: 0 },
  { kind: "capsule", p0: [-0.3, 0, 0], p1: [-0.3, 0.1, 0.8], radius: 0.1 },
];
const all = (a: Arm): Guardrail[] => [
  new KeepOut("boxes", boxes, watched(a), 0.01),
  new Workspace([-0.6, -0.5, -0.1], [0.6, 0.7, 0.8], watched(a)),
  new SelfCollision(
    a.selfPairs,
    Int32Array.from(a.capsules, (c) => c.link),
    Float64Array.from(a.capsules, (c) => c.radius),
    levers(a),
    0.005,
  ),
];

for (const name of robots)
  test(`${name}: a guardrail's margin is the least of its parts'`, () => {
    const a = arm(name),
      r = randomPaths(a, 40, 5, 0.02, new Rng(1)),
      whole = new Float64Array(r.K),
      part = new Float64Array(r.K),
      least = new Float64Array(r.K);
    const sweep = new Sweep(a);
    sweep.error.fill(0.002);
    sweep.fill(r);
    for (const guardrail of all(a)) {
      const parts = guardrail.parts!();
      const count: Readonly<Record<string, number>> = {
        boxes: boxes.length * watched(a).length,
        workspace: 6 * watched(a).length,
        self_collision: a.selfPairs.length / 2,
      };
      assert.equal(parts.length, count[guardrail.name]);
      guardrail.margin(r, whole, r.K);
      least.fill(Infinity);
      for (const p of parts) {
        p.margin(r, part, r.K);
        for (let k = 0; k < r.K; k++) least[k] = Math.min(least[k], part[k]);
      }
      for (let k = 0; k < r.K; k++)
        assert.ok(Math.abs(whole[k] - least[k]) < 1e-12, `${guardrail.name}: ${whole[k]} and ${least[k]}`);
    }
  });

/**
 * What an arm does that starts 1.5 cm inside a half-space A, hardly clear of another one, B, with requests at random;
 * the checker has its own geometry.
 */
function leave(a: Arm, seed: number, apart: number): { readonly A: number; readonly B: number; readonly told: number } {
  const rng = new Rng(seed),
    n = a.nq,
    oracle = new OracleGeometry(a),
    moving = watched(a).slice(-4),
    angle = rng.range(-Math.PI, Math.PI),
    tilt = rng.range(-1, 1);
  const q = Float64Array.from({ length: n }, (_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])),
    v = new Float64Array(n),
    w = new Float64Array(n);
  const half = (normal: readonly [number, number, number], depth: number): Shape => {
    const plane: Shape = { kind: "halfSpace", normal, offset: 0 };
    return { ...plane, offset: Math.min(...Array.from(moving, (c) => oracle.toShape(c, plane))) - depth } as Shape;
  };
  oracle.place(q);
  const A = half([0, 0, 1], -0.015),
    B = half([Math.cos(angle) * Math.cos(tilt), Math.sin(angle) * Math.cos(tilt), Math.sin(tilt)], apart);
  const filter = new SafetyFilter(a.limits, new Sweep(a), [new KeepOut("two", [A, B], moving, 0)], DT);
  let failSafe = { q: q.slice(), v: v.slice(), N: 1, i: 0 },
    told = 0;
  const least = { A: Infinity, B: Infinity };
  for (let t = 0; t < 120; t++) {
    if (t % 30 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-0.3, 0.3);
    const from = world(0);
    if (t > 30 && v.every((x) => x === 0)) filter.recover(w, q, from);
    const command = filter.step(0, q, v, w, from, v);
    if (command !== undefined)
      (told++, (failSafe = { q: command.q.slice(), v: command.v.slice(), N: command.N, i: 0 }));
    failSafe.i = Math.min(failSafe.i + 1, failSafe.N - 1);
    q.set(failSafe.q.subarray(failSafe.i * n, (failSafe.i + 1) * n));
    v.set(failSafe.v.subarray(failSafe.i * n, (failSafe.i + 1) * n));
    oracle.place(q);
    for (const c of moving)
      ((least.A = Math.min(least.A, oracle.toShape(c, A))), (least.B = Math.min(least.B, oracle.toShape(c, B))));
  }
  return { ...least, told };
}

for (const name of robots)
  test(`${name}: who is inside one shape on his way out may go no deeper there, and into no other`, () => {
    let told = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const end = leave(arm(name), seed, 0.0005);
      assert.ok(end.A >= -0.015 - 1e-3 - 1e-9, `seed ${seed}: ${1e3 * end.A} mm in A`);
      assert.ok(end.B >= -1e-9, `seed ${seed}: ${1e3 * end.B} mm in B`);
      told += end.told;
    }
    assert.ok(told > 200, `${told} commands`);
  });

test("an arm inside two shapes finds a way out of both together", () => {
  const a = arm("arm7"),
    n = a.nq,
    moving = watched(a).slice(-4),
    oracle = new OracleGeometry(a),
    q = a.home.slice(),
    v = new Float64Array(n),
    w = new Float64Array(n),
    out = new Float64Array(1);
  oracle.place(q);
  const plane = (normal: readonly [number, number, number]): Shape => {
    const at: Shape = { kind: "halfSpace", normal, offset: 0 };
    return { ...at, offset: Math.min(...Array.from(moving, (c) => oracle.toShape(c, at))) + 0.01 } as Shape;
  };
  const shapes = [plane([0, 0, 1]), plane([-1, 0, 0])],
    guardrail = new KeepOut("two", shapes, moving, 0),
    filter = new SafetyFilter(a.limits, new Sweep(a), [guardrail], DT);
  let failSafe = { q: q.slice(), v: v.slice(), N: 1, i: 0 };
  for (let t = 0; t < 400; t++) {
    const from = world(0);
    if (!filter.recover(w, q, from)) w.fill(0);
    const command = filter.step(0, q, v, w, from);
    if (command !== undefined) failSafe = { q: command.q.slice(), v: command.v.slice(), N: command.N, i: 0 };
    failSafe.i = Math.min(failSafe.i + 1, failSafe.N - 1);
    q.set(failSafe.q.subarray(failSafe.i * n, (failSafe.i + 1) * n));
    v.set(failSafe.v.subarray(failSafe.i * n, (failSafe.i + 1) * n));
  }
  oracle.place(q);
  out[0] = Math.min(...shapes.flatMap((s) => Array.from(moving, (c) => oracle.toShape(c, s))));
  assert.ok(out[0] > 0, `${1e3 * out[0]} mm`);
});
