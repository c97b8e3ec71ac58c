import assert from "node:assert/strict";
import { test } from "node:test";
import { isLeap } from "../../src/reflex/isLeap.js";
import { Reflex } from "../../src/reflex/Reflex.js";
import { JoinedCommands, type JoinedCommand } from "../../src/core/commands/JoinedCommands.js";
import { Rng } from "../../src/core/math/Rng.js";
import { JointIngress } from "../../src/runtime/ingress/JointIngress.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import { arm, world } from "../guardrails/setups.js";
import { turning } from "../guardrails/turning.js";
import { trials } from "../trials.js";

/**
 * Clocks that are set in motion, by any amount, once or again and again: the whole machine's, the driver's alone, the
 * agent's alone, both of these and set right again. What the arm does is evaluated by true time, which only this file
 * knows: no latch, no command that begins farther from the arm than its tracking error, and where the clocks agree the
 * arm goes on. (A controller whose clock is not the agent's for long is one that does not follow.)
 */
const a = arm("arm7"),
  dt = 0.01,
  LEAD = 0.033,
  E = 0.05;
const start = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);
type Clock = "agent" | "driver" | "controller";
const TOGETHER: readonly (readonly Clock[])[] = [
  ["agent", "driver", "controller"],
  ["driver"],
  ["agent"],
  ["agent", "driver"],
];

interface Step {
  readonly at: number;
  readonly by: number;
}

/**
 * ±[1 ms, 3 s], each decade as likely; half of them as large as what an arm at speed is off by, about its tracking
 * error.
 */
const SEEDS = trials(40);
const amount = (rng: Rng): number =>
  (rng.bits() & 1 ? 1 : -1) * (rng.bits() & 1 ? 10 ** rng.range(-3, Math.log10(3)) : rng.range(0.02, 0.11));

class Rig {
  readonly reflex = new Reflex({
    limits: a.limits,
    sweep: new Sweep(a),
    guardrails: [],
    dt,
    staleAfter: 0.1,
    trackingError: E,
  });
  readonly wrong: string[] = [];
  sent = 0;
  leap = 0; // of A: the greatest change of a set-point's speed
  resumed = false; // a command left more than 0.1 s after the one before
  private readonly ingress = new JointIngress(a.jointNames, a.limits, 0.05, {
    lo: a.limits.lo,
    hi: a.limits.hi,
    margin: 0.1,
    endless: a.kinds.map(() => false),
  });
  private readonly controller = new JointTrajectoryController(a.jointNames);
  private readonly joined = new JoinedCommands(LEAD);
  // the arm, which follows its set-points 10 ms late
  private readonly past: { t: number; q: Float64Array; v: Float64Array }[] = [];
  private at = 0; // when the last command left
  private shown = -Infinity;
  // the newest, until it begins
  private waiting: { readonly message: JoinedCommand; readonly stamp: number } | undefined;
  t = 0;

  constructor(
    private readonly steps: Readonly<Record<Clock, readonly Step[]>>,
    private readonly every: number,
    private readonly velocities: boolean,
  ) {
    this.controller.hold(start);
    this.reflex.apply("configure");
    this.reflex.apply("activate");
  }

  of(clock: Clock): number {
    return this.steps[clock].reduce((t, { at, by }) => (this.t >= at ? t + by : t), this.t);
  }

  run(seconds: number): void {
    const { controller, reflex, ingress, past } = this;
    for (const end = this.t + seconds; this.t < end - 1e-9; this.t = Math.round((this.t + dt) * 1e6) / 1e6) {
      const { t } = this,
        now = this.of("agent");
      const before = controller.v.slice();
      controller.sample(t);
      if (t > 0.1)
        controller.v.forEach(
          (v, j) => (this.leap = Math.max(this.leap, Math.abs(v - before[j]) / (a.limits.acceleration[j] * dt))),
        );
      past.push({ t, q: controller.q.slice(), v: controller.v.slice() });
      const { q, v } = past[Math.max(0, past.length - 2)];
      const { waiting } = this;
      if (waiting !== undefined && waiting.stamp <= t)
        (this.evaluate(waiting.message, t - waiting.stamp, q), (this.waiting = undefined));
      if (Math.round(t / dt) % this.every === 0)
        ingress.take(
          { stamp: this.of("driver"), names: a.jointNames, positions: q, velocities: this.velocities ? v : [] },
          now,
        );
      if (isLeap(now - this.shown - dt) && this.shown > -Infinity) reflex.forget("clock_jump", now - this.shown - dt);
      this.shown = now;
      if (ingress.stamp > -Infinity) reflex.observe(ingress.stamp, ingress.q.slice(), ingress.v.slice());
      if (this.past.length % 10 === 1) reflex.follow(turning(now, reflex.q, t % 4 < 2 ? 1.8 : -1.8));
      const c = reflex.tick(now + LEAD, world(now));
      if (reflex.state.next === "latched" && this.wrong.length < 3)
        this.wrong.push(`latched by ${reflex.reason.by} at ${t.toFixed(2)} s`);
      if (c === undefined) continue;
      this.sent++;
      this.resumed ||= t - this.at > 0.1 && this.at > 0;
      this.at = t;
      const message = this.joined.of(c),
        stamp = message.origin + message.since - (this.of("controller") - t);
      controller.accept(
        {
          stamp,
          jointNames: a.jointNames,
          points: message.knots.map((k) => ({
            positions: k.q,
            velocities: k.v,
            accelerations: [],
            timeFromStart: k.t,
          })),
        },
        t,
      );
      this.waiting = { message, stamp };
      reflex.commit(c);
    }
  }

  /**
   * Where the message has the arm when it begins, or comes if that is later, against the arm: points between which
   * lines are near enough.
   */
  private evaluate({ knots }: JoinedCommand, x: number, q: Float64Array): void {
    const i = Math.max(
        1,
        knots.findIndex((k) => k.t >= x),
      ),
      [from, to] = [knots[i - 1], knots[i]],
      s = Math.min(1, Math.max(0, (x - from.t) / (to.t - from.t)));
    const off = Math.max(...from.q.map((y, j) => Math.abs(y + s * (to.q[j] - y) - q[j])));
    if (!(off <= E + 0.002) && this.wrong.length < 3)
      this.wrong.push(`a command begins ${off.toFixed(3)} rad from the arm at ${this.t.toFixed(2)} s`);
  }
}

for (const repeated of [false, true])
  test(
    `clocks set by ±1 ms to ±3 s in motion, ${repeated ? "again and again" : "once"}: no latch, ` +
      "no command that begins elsewhere than the arm; where they agree again the arm goes on",
    () => {
      const wrong: string[] = [];
      for (let seed = 1; seed <= SEEDS; seed++) {
        const rng = new Rng(seed),
          together = TOGETHER[seed % 4],
          brief = together.length === 2,
          all: Step[] = [];
        for (
          let at = rng.range(0.3, 1.2), k = repeated ? 2 + (rng.bits() % 6) : 1;
          k > 0;
          k--, at += rng.range(0.01, 0.6)
        ) {
          const by = amount(rng);
          all.push({ at, by });
          if (brief) all.push({ at: (at += rng.range(0.01, 0.25)), by: -by });
        }
        const of = (clock: Clock): readonly Step[] => (together.includes(clock) ? all : []);
        const rig = new Rig(
          { agent: of("agent"), driver: of("driver"), controller: of("controller") },
          [1, 2][rng.bits() & 1],
          (rng.bits() & 1) === 1,
        );
        rig.run(5.5);
        const before = rig.sent;
        rig.run(1);
        const what =
          `seed ${seed} (${together.join(", ")}; ` +
          `${all.map(({ at, by }) => `${by.toFixed(3)} at ${at.toFixed(2)}`).join(", ")})`;
        if (rig.wrong.length > 0) wrong.push(`${what}: ${rig.wrong.join("; ")}`);
        if (together.length > 1 && rig.sent === before)
          wrong.push(`${what}: it does not go on, ${rig.reflex.reason.by}`);
      }
      assert.deepEqual(wrong, []);
    },
  );
