import assert from "node:assert/strict";
import { test } from "node:test";
import type { BodyRegion } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Shape } from "../../../src/core/geometry/Shape.js";
import { contactSpeed, regionSpeed } from "../../../src/guardrails/margins/contactSpeed.js";
import { GentleContact } from "../../../src/guardrails/margins/GentleContact.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { linkSpeed } from "../../../src/guardrails/margins/linkSpeed.js";
import { PowerAndForce } from "../../../src/guardrails/margins/PowerAndForce.js";
import { Separation } from "../../../src/guardrails/margins/Separation.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../OracleGeometry.js";
import { arm, between, person, randomPaths, robots, watched, world } from "../setups.js";

test("the speeds of ISO/TS 15066's table at m_R = 10 kg", () => {
  const table: Partial<Record<BodyRegion, number>> = {
    hand: 1.36,
    forearm: 1.24,
    upper_arm: 1.14,
    chest: 0.63,
    abdomen: 0.78,
    pelvis: 0.8,
    back: 0.79,
    skull: 0,
    face: 0,
  };
  for (const [region, speed] of Object.entries(table))
    assert.ok(
      Math.abs(regionSpeed(region as BodyRegion, 10) - speed) < 0.006,
      `${region}: ${regionSpeed(region as BodyRegion, 10)}`,
    );
});

test("a contact's energy is that which the spring takes: ½μv² = F²/2k, and it is less the heavier the robot", () => {
  for (const [F, k, m] of [
    [280, 75e3, 10],
    [50, 150e3, 4],
  ]) {
    const v = contactSpeed(F, k, m, Infinity);
    assert.ok(Math.abs(0.5 * m * v * v - (F * F) / (2 * k)) < 1e-9);
    assert.ok(contactSpeed(F, k, 2 * m, Infinity) < v);
    assert.ok(contactSpeed(F, k, m, 5) > v);
  }
  assert.equal(contactSpeed(50, Infinity, 4, Infinity), 0);
});

for (const name of robots)
  test(
    `${name}: no point of a link's axis is faster than the bound on its speed, ` + "which at slow change is tight",
    () => {
      const a = arm(name),
        sweep = new Sweep(a),
        oracle = new OracleGeometry(a),
        before = new Float64Array(oracle.ends.length),
        e = 1e-3;
      for (const speed of [1, 0.1]) {
        const r = randomPaths(a, 20, 3, 0.01, new Rng(1), speed);
        sweep.fill(r);
        for (let k = 0; k < r.K; k++)
          for (let n = 0; n < r.N - 1; n++)
            for (let i = 0; i <= 10; i++) {
              const s = (i / 10) * (1 - e);
              before.set(oracle.place(between(r, k, n, s)).ends);
              oracle.place(between(r, k, n, s + e));
              for (let c = 0; c < r.nc; c++) {
                const bound = linkSpeed(r, (k * r.N + n) * r.nc + c, a.capsules[c].radius);
                for (const p of [6 * c, 6 * c + 3]) {
                  const v =
                    Math.hypot(
                      oracle.ends[p] - before[p],
                      oracle.ends[p + 1] - before[p + 1],
                      oracle.ends[p + 2] - before[p + 2],
                    ) /
                    (e * r.dt);
                  assert.ok(v <= bound + 1e-6, `${v} m/s, told ${bound}`);
                }
              }
            }
      }
    },
  );

const a = arm("arm7"),
  moving = watched(a),
  radii = Float64Array.from(a.capsules, (c) => c.radius),
  sweep = new Sweep(a);
// all around the arm
const table: Shape = { kind: "box", center: [0, 0, 0.5], size: [2, 2, 1], orientation: [0, 0, 0, 1] };

test("a body that may be touched asks for slowness alone; nearness is then allowed, speed is not", () => {
  const r = randomPaths(a, 40, 3, 0.01, new Rng(2), 0.3),
    out = new Float64Array(r.K),
    hard = new Float64Array(r.K);
  sweep.fill(r);
  new GentleContact([table], moving, radii, 0.01, 0.2).margin(r, out, r.K);
  new KeepOut("solid", [table], moving, 0.01).margin(r, hard, r.K);
  let slow = 0;
  for (let k = 0; k < r.K; k++) {
    let fastest = 0;
    for (let n = 0; n < r.N; n++)
      for (const c of moving) fastest = Math.max(fastest, linkSpeed(r, (k * r.N + n) * r.nc + c, radii[c]));
    assert.ok(hard[k] < 0);
    if (fastest <= 0.2) assert.ok(out[k] >= 0);
    if (out[k] < 0) assert.ok(fastest > 0.2);
    if (out[k] >= 0) slow++;
  }
  assert.ok(slow > 0 && slow < r.K, `${slow} slow paths of ${r.K}`);
});

test(
  "power and force: as separation for whoever has no region or may not be touched; " +
    "near a region that bears it, slow is enough; never stricter",
  () => {
    const r = randomPaths(a, 60, 3, 0.01, new Rng(3), 0.25),
      out = new Float64Array(r.K),
      apart = new Float64Array(r.K);
    sweep.fill(r);
    r.exposure.fill(0.1);
    r.from = world(0, [person([0.3, 0, 0.4], [0.3, 0, 0.9], 0.1, 0)]);
    new Separation(moving, 0.02).margin(r, apart, r.K);
    for (const speeds of [new Map<string, number>(), new Map([["person", 0]]), new Map([["other", 1]])]) {
      new PowerAndForce(moving, radii, 0.02, speeds).margin(r, out, r.K);
      for (let k = 0; k < r.K; k++) assert.ok(Math.abs(out[k] - apart[k]) < 1e-12);
    }
    new PowerAndForce(moving, radii, 0.02, new Map([["person", 0.3]])).margin(r, out, r.K);
    let gained = 0;
    for (let k = 0; k < r.K; k++) {
      assert.ok(out[k] >= apart[k] - 1e-12);
      if (out[k] >= 0 && apart[k] < 0) gained++;
      if (out[k] >= 0)
        for (let n = 0; n < r.N; n++)
          for (const c of moving) {
            const o = (k * r.N + n) * r.nc + c;
            // whoever is too fast is out of reach
            if (linkSpeed(r, o, radii[c]) > 0.3) {
              const d = new OracleGeometry(a)
                .place(between(r, k, n, 0))
                .toSegment(c, Float64Array.of(0.3, 0, 0.4, 0.3, 0, 0.9));
              assert.ok(d > 0.1 + 0.02 + 0.16);
            }
          }
    }
    assert.ok(gained > 0);
    r.from = world(0, [person([Infinity, 0, 0], [0, 0, 0], 0.1, 0), person([5, 0, 0], [5, 0, 0], 0.1, 0)]);
    new PowerAndForce(moving, radii, 0.02, new Map([["person", 9]])).margin(r, out, r.K);
    assert.ok(out.every(Number.isNaN));
  },
);
