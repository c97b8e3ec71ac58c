import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { Shape } from "../../src/core/geometry/Shape.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../src/guardrails/margins/Separation.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import { viableVelocities } from "../../src/guardrails/filter/viableVelocities.js";
import { Workspace } from "../../src/guardrails/margins/Workspace.js";
import { levers } from "../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointVelocity } from "../../src/worldmodel/analytic/JointVelocity.js";
import { arm, person, robots, watched, world } from "../guardrails/setups.js";

/**
 * Obligation 10 in space. The search evaluates a path, the safety filter each step of it with the fail-safe trajectory
 * behind: hardest braking from there, which leaves the path. With w the step's velocity, joint j goes on the step and
 * its fail-safe trajectory at most D_j = ½(|v_j| + |w_j|)δ + w_j²/2A_j + ½|w_j|δ, so nothing that the safety filter
 * looks at is farther than
 *
 *     B = max_c Σ_j ℓ_cj (D_j + ½ max(|v_j|, |w_j|) δ) + αδ²/8 + v_h·2δ
 *
 * from where the link stands at the step's beginning, and there the search's own margin is no less than that of its
 * path. (Twice B for two links of the arm; the last term for people: the safety filter rounds its time to rest up to
 * whole periods.) At rest B is v_h·2δ.
 */
const delta = 0.01,
  lead = 0.03,
  speed = 1.6;

for (const name of robots)
  test(
    `${name}: of a rollout that the search calls admissible the safety filter takes each step as it is, ` +
      "unless a link stands nearer to something than the fail-safe trajectory may stray, B(v)",
    () => {
      const a = arm(name),
        n = a.nq,
        rng = new Rng(21),
        sweep = new Sweep(a),
        moving = watched(a),
        lever = levers(a),
        K = 24,
        H = 6,
        substeps = 4;
      const model = new JointVelocity(a.limits, viableVelocities, sweep, 0.1, substeps, lead + delta),
        r = new Rollouts({ K, H, substeps, dt: 0.1, nu: n, nq: n, nc: sweep.nc }),
        out = new Float64Array(K);
      const still = new Rollouts({ K: 1, H: 0, substeps: 1, dt: delta, nq: n, nc: sweep.nc }),
        bend = new Rollouts({ K: 1, H: 1, substeps: 1, dt: delta, nq: n, nc: sweep.nc }),
        one = new Float64Array(1);
      still.exposure[0] = lead + delta;
      let admissible = 0,
        near = 0;
      for (let scene = 0; scene < 12; scene++) {
        const box = (): Shape => ({
          kind: "box",
          center: [rng.range(-0.6, 0.6), rng.range(-0.6, 0.6), rng.range(0, 0.8)],
          size: [0.1, 0.15, 0.2],
          orientation: [0, 0, 0, 1],
        });
        const guardrails: Guardrail[] = [
          new SelfCollision(
            a.selfPairs,
            Int32Array.from(a.capsules, (c) => c.link),
            Float64Array.from(a.capsules, (c) => c.radius),
            lever,
            0.005,
          ),
          new Separation(moving, 0.02),
          new KeepOut("boxes", [box(), box(), box()], moving, 0.01),
          new Workspace([-0.9, -0.9, -0.2], [0.9, 0.9, 1.4], moving),
        ];
        const x = rng.range(0.9, 1.4),
          from = world(0, [person([x, -0.3, 0], [x, -0.3, 1.5], 0.2, 0, speed)]);
        const gate = new SafetyFilter(a.limits, sweep, guardrails, delta);
        for (let i = 0; i < r.a.length; i++) r.a[i] = rng.range(-1, 1) * (i % (H * n) < n ? 1 : 0.6);
        const begin = a.home.map((q, j) =>
          Math.max(a.limits.lo[j], Math.min(a.limits.hi[j], q + rng.range(-0.5, 0.5))),
        );
        model.predict({ ...from, q: begin, v: new Float64Array(n) }, r, K);
        const safe = new Array<boolean>(K).fill(true);
        for (const g of guardrails) {
          g.margin(r, out, K);
          for (let k = 0; k < K; k++) safe[k] &&= out[k] >= 0;
        }
        for (let k = 0; k < K; k++)
          for (let m = 0; safe[k] && m + 1 < r.N; m++) {
            const at = (k * r.N + m) * n,
              q = r.q.slice(at, at + n),
              v = r.v.slice(at, at + n),
              next = r.v.subarray(at + n, at + 2 * n),
              w = v.map((s, j) => s + ((next[j] - s) * delta * substeps) / 0.1);
            admissible++;
            const c = gate.step(lead, q, v, w, { ...from, stamp: 0 });
            // those have a law of their own: admissible.test
            if ((c !== undefined && gate.verdict.kind === "pass") || gate.verdict.by === "joint_limits") continue;
            let B = 0;
            for (let j = 0; j < n; j++)
              ((bend.q[j] = bend.q[n + j] = q[j]),
                (bend.v[j] = Math.max(Math.abs(v[j]), Math.abs(w[j]))),
                (bend.v[n + j] = bend.v[j] - a.limits.acceleration[j] * delta));
            sweep.fill(bend);
            for (let l = 0; l < sweep.nc; l++) {
              let stray = bend.thickness[l] - a.capsules[l].radius;
              for (let j = 0; j < n; j++) {
                const s = Math.abs(v[j]),
                  u = Math.abs(w[j]);
                stray +=
                  lever[l * n + j] *
                  (0.5 * (s + u) * delta +
                    (u * u) / 2 / a.limits.acceleration[j] +
                    0.5 * u * delta +
                    0.5 * Math.max(s, u) * delta);
              }
              B = Math.max(B, stray);
            }
            still.q.set(q);
            still.from = from;
            still.exposure[0] = r.exposure[k * r.N + m];
            sweep.fill(still);
            let room = Infinity;
            for (const g of guardrails) {
              g.margin(still, one, 1);
              let told = one[0];
              if (g.name === "self_collision") told /= 2;
              if (g.name === "separation") told -= speed * 2 * delta;
              if (g.name === gate.verdict.by) room = told;
            }
            near++;
            assert.ok(
              room >= (gate.verdict.by === "separation" ? -speed * 2 * delta : 0),
              "the search's own margin holds where it stands",
            );
            assert.ok(
              room < B,
              `refused by ${gate.verdict.by} with ${room} m of room, of which the fail-safe trajectory may take ${B}`,
            );
          }
      }
      assert.ok(admissible > 1000 && near > 0, `${admissible} steps, ${near} refused`);
      assert.ok(near < 0.01 * admissible, `${near} of ${admissible} refused`);
    },
  );
