import { Reflex } from "../../src/reflex/Reflex.js";
import type { Body } from "../../src/core/Body.js";
import type { Command } from "../../src/core/Command.js";
import { JoinedCommands } from "../../src/core/commands/JoinedCommands.js";
import type { Plan } from "../../src/core/Plan.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { Separation } from "../../src/guardrails/margins/Separation.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import { arm, watched, world } from "../guardrails/setups.js";

export const a = arm("arm7"),
  n = a.nq,
  dt = 0.01,
  moving = watched(a);

export const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

export const near: Body = {
  id: "visitor",
  kind: "person",
  p0: [0.5, 0, 0],
  p1: [0.5, 0, 1],
  radius: 0.3,
  speedBound: 1.6,
  stamp: 0,
};

export const plan: Plan = {
  level: "motion",
  stamp: 0,
  dt: 0.1,
  H: 30,
  substeps: 1,
  nu: n,
  nq: n,
  a: new Float32Array(30 * n),
  z: new Float32Array(0),
  energy: 0,
  energies: {},
  feasible: true,
  iterations: 1,
  rollouts: 1,
  time: 0,
  q: Float64Array.from(
    { length: 31 * n },
    (_, i) => start[i % n] + (i % n < 2 ? 0.08 * Math.floor(i / n) * (1 - (i % n)) : 0),
  ),
  v: Float64Array.from({ length: 31 * n }, (_, i) => (i % n === 0 && i >= n ? 0.8 : 0)),
};

/** Reflex and controller on one clock; `loses` says of each command whether it gets lost on the way out. */
export class Loop {
  readonly controller = new JointTrajectoryController(a.jointNames);
  readonly reflex = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [new KeepOut("keep_out", [], moving, 0.01), new Separation(moving, 0.02)],
    dt,
    staleAfter: 0.1,
    trackingError: 0.05,
  });
  readonly joined = new JoinedCommands(0.033);
  readonly sent: { readonly now: number; readonly command: Command }[] = [];
  t = 0;
  bodies: Body[] = [];
  blind = false;
  loses = (_: Command): boolean => false;

  constructor(readonly lead = 0.033) {
    this.controller.hold(start);
    this.reflex.apply("configure");
    this.reflex.apply("activate");
    for (const t of [-dt, 0]) this.reflex.observe(t, start.slice(), new Float64Array(n)); // it is seen to rest
    this.reflex.follow(plan);
  }

  tick(): void {
    const { reflex, controller, joined, t, lead } = this;
    controller.sample(t);
    if (!this.blind) reflex.observe(t, controller.q.slice(), controller.v.slice());
    const c = reflex.tick(t + lead, { ...world(t), bodies: this.bodies.map((b) => ({ ...b, stamp: t })) });
    if (c !== undefined && !this.loses(c)) {
      this.sent.push({ now: t, command: { ...c, q: c.q.slice(), v: c.v.slice() } });
      const { origin, since, knots } = joined.of(c);
      controller.accept(
        {
          stamp: origin + since,
          jointNames: a.jointNames,
          points: knots.map((k) => ({ positions: k.q, velocities: k.v, accelerations: [], timeFromStart: k.t })),
        },
        t,
      );
      reflex.commit(c);
    }
    this.t = Math.round((t + dt) * 1e6) / 1e6;
  }

  until(t: number): this {
    while (this.t < t - 1e-9) this.tick();
    return this;
  }

  /** The controller's set-points from now on, a millisecond apart, until they rest. */
  *setPoints(): Generator<{ t: number; v: number }> {
    for (let t = this.t; ; t = Math.round((t + 0.001) * 1e6) / 1e6) {
      if (t >= this.t - 1e-9) this.tick();
      this.controller.sample(t);
      yield { t, v: this.controller.v[0] };
      if (t > 1 || Math.max(...this.controller.v.map(Math.abs)) < 1e-9) return;
    }
  }
}

export const urgent: Record<string, (l: Loop) => void> = {
  "a person who must not be met": (l) => l.bodies.push(near),
  "an emergency stop": (l) => l.reflex.apply("fault", "emergency_stop"),
  "a deactivation": (l) => l.reflex.apply("deactivate", "deactivate"),
  "no plan that is admissible": (l) => l.reflex.recover(),
};
