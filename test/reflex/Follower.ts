import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import type { Plan } from "../../src/core/Plan.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, watched, world } from "../guardrails/setups.js";
import type { State } from "../../src/core/State.js";

export const a = arm("arm7"),
  n = a.nq,
  dt = 0.01,
  moving = watched(a);

export const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

export const reflex = (guardrails: Guardrail[] = []): Reflex => {
  const r = new Reflex({ limits: a.limits, sweep: new Sweep(a), guardrails, dt, staleAfter: 0.1, trackingError: 0.02 });
  r.apply("configure");
  r.apply("activate");
  return r;
};

/** A plan that turns joint 1 (or all, at random) for a second. */
export function plan(stamp: number, q: Float64Array, v: Float64Array, speed: (j: number) => number, H = 10): Plan {
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
export class Follower {
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
export function run(
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

export const still = (f: Follower, t: number): boolean => f.at(t).v.every((x) => Math.abs(x) < 1e-9);
