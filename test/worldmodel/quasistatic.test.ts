import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { viableVelocities } from "../../src/guardrails/filter/viableVelocities.js";
import { passableLimits } from "../../src/guardrails/filter/passableLimits.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointDisplacement } from "../../src/worldmodel/analytic/JointDisplacement.js";
import { JointVelocity } from "../../src/worldmodel/analytic/JointVelocity.js";
import { ToolDisplacement } from "../../src/worldmodel/analytic/ToolDisplacement.js";
import type { Predictor } from "../../src/worldmodel/Predictor.js";
import { rolloutsFor } from "../../src/worldmodel/rolloutsFor.js";
import { arm, world } from "../guardrails/setups.js";

const a = arm("arm7"),
  sweep = new Sweep(a);

const models: readonly Predictor[] = [
  new JointDisplacement(a.limits, sweep, 0.4, 3, 0.02),
  new JointVelocity(passableLimits(a.limits, 0.1), viableVelocities, sweep, 0.1, 4, 0.02),
  new ToolDisplacement(a, sweep, { axes: ["x", "y"], step: 0.05, dt: 0.4, substeps: 2, latency: 0.02 }),
];

for (const model of models)
  test(`${model.constructor.name} says truly whether the velocities of its paths are means`, () => {
    const rng = new Rng(1),
      r = rolloutsFor(model, { K: 20, H: 4, nq: a.nq, nc: sweep.nc }),
      h = model.dt / model.substeps;
    for (let i = 0; i < r.a.length; i++) r.a[i] = rng.range(-1, 1);
    void model.predict({ ...world(0), q: a.home.slice(), v: new Float64Array(a.nq) }, r, r.K);
    let means = 0,
      states = 0; // joints and knots where one, or the other, does not fit
    for (let k = 0; k < r.K; k++)
      for (let i = k * r.N * a.nq, end = i + (r.N - 1) * a.nq; i < end; i++) {
        const way = r.q[i + a.nq] - r.q[i];
        // the velocity at a knot is that of the way to it; or both ends' mean is
        if (Math.abs(way - r.v[i + a.nq] * h) > 1e-9) means++;
        if (Math.abs(way - 0.5 * (r.v[i] + r.v[i + a.nq]) * h) > 1e-9) states++;
      }
    assert.equal(r.quasistatic, model.quasistatic ?? false);
    assert.deepEqual([means === 0, states === 0], r.quasistatic ? [true, false] : [false, true]);
  });
