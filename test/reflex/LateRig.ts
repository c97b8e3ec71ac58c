import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import type { Plan } from "../../src/core/Plan.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { arm, world } from "../guardrails/setups.js";

export const a = arm("arm7"),
  n = a.nq,
  dt = 0.01;

export const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

/** A second of joint 1 at 1 rad/s from rest, then on. */
export function plan(stamp: number, q: Float64Array): Plan {
  const H = 30,
    qs = new Float64Array((H + 1) * n),
    vs = new Float64Array((H + 1) * n);
  for (let h = 0; h <= H; h++) {
    qs.set(q, h * n);
    vs[h * n] = Math.min(1, 0.8 * h);
    qs[h * n] = h === 0 ? q[0] : qs[(h - 1) * n] + 0.05 * (vs[h * n] + vs[(h - 1) * n]);
  }
  return {
    level: "motion",
    stamp,
    dt: 0.1,
    H,
    substeps: 1,
    nu: n,
    nq: n,
    a: new Float32Array(0),
    q: qs,
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

/**
 * A reflex and a controller to which commands come late by what `delay` says; the controller leaps to them, as
 * ros2_control's does.
 */
export class Rig {
  readonly r = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [],
    dt,
    staleAfter: 0.1,
    trackingError: 0.02,
  });
  readonly q = start.slice();
  readonly v = new Float64Array(n);
  delay = 0;
  blocked = false; // the joints stay where they are
  held = false; // commands alone lie on the way, and come all at once when they are let go
  lag = 0; // steps that the joints are behind what the controller wants
  closed = false; // nothing comes or goes, either way; all of it once the way is open again
  every = 1; // steps between two measurements
  old = 0; // steps that a measurement takes to come
  sent = 0; // commands
  leap = 0; // rad, the farthest that a joint went in one step beyond its speed
  t = 0;
  private readonly way: { at: number; c: Command }[] = [];
  private readonly past: { readonly t: number; readonly q: Float64Array; readonly v: Float64Array }[] = [];
  private readonly wanted: { readonly q: Float64Array; readonly v: Float64Array }[] = []; // by the controller
  private last: Command | undefined;

  constructor() {
    this.r.apply("configure");
    this.r.apply("activate");
    this.r.observe(0, this.q, this.v);
    this.r.follow(plan(0.05, start));
  }

  /** Somebody moves joint 3, and the controller holds it there. */
  push(by: number): void {
    this.last = undefined;
    this.q[2] += by;
  }

  run(seconds: number): void {
    for (let k = Math.round(seconds / dt); k > 0; k--) {
      const before = this.q.slice(),
        speed = Math.max(...this.v.map(Math.abs));
      while (this.way.length > 0 && this.way[0].at <= this.t + 1e-9 && !this.closed && !this.held)
        this.last = this.way.shift()!.c;
      if (this.last !== undefined && this.t >= this.last.stamp && !this.blocked) {
        const wanted = { q: new Float64Array(n), v: new Float64Array(n) };
        sampleCommand(wanted.q, wanted.v, this.last, this.t);
        this.wanted.push(wanted);
        const { q, v } = this.wanted.at(-1 - this.lag) ?? this.wanted[0];
        this.q.set(q);
        this.v.set(v);
      }
      this.leap = Math.max(this.leap, ...this.q.map((x, j) => Math.abs(x - before[j]) - speed * dt));
      this.past.push({ t: this.t, q: this.q.slice(), v: this.v.slice() });
      const seen = this.past.at(-1 - this.old);
      if (!this.closed && k % this.every === 0 && seen !== undefined) this.r.observe(seen.t, seen.q, seen.v);
      const c = this.r.tick(this.t + dt, world(this.t));
      if (c !== undefined) {
        this.r.commit(c);
        this.sent++;
        if (this.delay < Infinity)
          this.way.push({ at: this.t + this.delay, c: { ...c, q: c.q.slice(), v: c.v.slice() } });
      }
      this.t += dt;
    }
  }
}
