import { Reflex } from "../../src/reflex/Reflex.js";
import type { Command } from "../../src/core/Command.js";
import { JoinedCommands, type JoinedCommand } from "../../src/core/commands/JoinedCommands.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { between, fromSeconds, later, toSeconds } from "../../src/adapters/ros/cdr/Stamp.js";
import {
  JointTrajectoryController,
  type JointTrajectoryOptions,
} from "../../src/sim/physics/JointTrajectoryController.js";
import { world } from "../guardrails/setups.js";

export interface JoinOptions {
  readonly arm: Arm;
  readonly seed: number;
  readonly seconds: number;
  readonly controller: JointTrajectoryOptions;
  readonly period?: number; // s, of the controller's updates
  readonly prefix?: boolean; // false: messages begin with the command, ahead of time, as they did once
  readonly loses?: number; // share of commands that get lost; never two on end
  readonly lag?: number; // s, by which the arm follows, and what the controller measures
  readonly way?: number; // s, that a command takes at most; default: 9 ms
  // stops are: a fail-safe trajectory of an earlier command is sent again, 2 ms ahead at least
  readonly urgent?: boolean;
  readonly epoch?: number; // s, what the agent's clock shows at the beginning
}

/** The worst of a run, as shares of the arm's limits. */
export interface Joins {
  readonly velocity: number;
  readonly acceleration: number;
  readonly jerk: number;
  readonly beyond: number; // rad, past a position limit
  readonly travel: number; // rad, so that it is no run at rest
}

const DT = 0.01,
  LEAD = 0.033,
  GRID = 0.0005; // s

/**
 * The reflex follows random plans, is told to stop and goes on, and its commands arrive after random times, in order,
 * at a controller of a released law. What that tells its hardware is differentiated numerically, update by update: the
 * checker knows neither commands nor knots, only limits.
 */
export function runJoins({
  arm: a,
  seed,
  seconds,
  controller: law,
  period = 0.001,
  prefix = true,
  loses = 0,
  lag = 0,
  way: longest = 0.009,
  urgent = false,
  epoch = 0,
}: JoinOptions): Joins {
  const rng = new Rng(seed),
    n = a.nq,
    L = a.limits;
  const reflex = new Reflex({
    limits: L,
    sweep: new Sweep(a),
    guardrails: [],
    dt: DT,
    staleAfter: 0.1,
    trackingError: 0.2,
  });
  const controller = new JointTrajectoryController(a.jointNames, law),
    joined = new JoinedCommands(LEAD);
  const start = Float64Array.from(a.home);
  controller.hold(start);
  reflex.apply("configure");
  reflex.apply("activate");
  reflex.observe(epoch, start, new Float64Array(n));
  const way: { readonly due: number; readonly message: JoinedCommand }[] = [],
    out: Float64Array[] = [],
    speeds: Float64Array[] = [];
  const plain = (c: Command): JoinedCommand => ({
    origin: c.stamp,
    since: 0,
    knots: Array.from({ length: c.N }, (_, k) => ({
      t: k * DT,
      q: c.q.slice(k * n, (k + 1) * n),
      v: c.v.slice(k * n, (k + 1) * n),
    })),
  });
  let last = 0,
    lost = false,
    until = 0;
  const each = Math.round(DT / GRID),
    every = Math.round(period / GRID),
    phase = rng.bits() % every;
  for (let i = 0; i < seconds / GRID; i++) {
    const t = i * GRID;
    if (i % each === 0) {
      const clock = epoch + t;
      if (t >= until) {
        until = t + rng.range(0.05, 0.5);
        if (rng.uniform() < 0.2) urgent ? reflex.recover() : reflex.follow(undefined);
        else reflex.follow(randomPlan(a, clock, reflex.q, rng));
      }
      const c = reflex.tick(clock + LEAD, world(clock));
      if (c !== undefined) {
        const message = prefix ? joined.of(c) : plain(c);
        lost = !lost && rng.uniform() < loses;
        if (!lost) way.push({ due: (last = Math.max(last, t + rng.range(0, longest))), message });
        reflex.commit(c);
      }
    }
    while (way.length > 0 && way[0].due <= t) {
      const { origin, since, knots } = way.shift()!.message;
      const refusal = controller.accept(
        {
          stamp: between(later(fromSeconds(origin), since), fromSeconds(epoch)),
          jointNames: a.jointNames,
          points: knots.map((k) => ({
            positions: k.q,
            velocities: k.v,
            accelerations: [],
            timeFromStart: toSeconds(fromSeconds(k.t)),
          })),
        },
        t,
      );
      if (refusal !== undefined) throw new Error(refusal);
    }
    if (i % every !== phase) continue;
    const late = Math.round(lag / period),
      q = out.at(-1 - late) ?? out[0],
      v = speeds.at(-1 - late) ?? speeds[0];
    controller.sample(t, late > 0 ? q : undefined, late > 0 ? v : undefined);
    out.push(controller.q.slice());
    speeds.push(controller.v.slice());
    if (i % each < every) reflex.observe(epoch + t, out.at(-1)!.slice(), controller.v.slice());
  }
  const worst = { velocity: 0, acceleration: 0, jerk: 0, beyond: -Infinity, travel: 0 };
  for (let k = 3; k < out.length; k++)
    for (let j = 0; j < n; j++) {
      const [x3, x2, x1, x] = [out[k - 3][j], out[k - 2][j], out[k - 1][j], out[k][j]];
      worst.velocity = Math.max(worst.velocity, Math.abs(x - x1) / period / L.velocity[j]);
      worst.acceleration = Math.max(worst.acceleration, Math.abs(x - 2 * x1 + x2) / period ** 2 / L.acceleration[j]);
      if (L.jerk !== undefined)
        worst.jerk = Math.max(worst.jerk, Math.abs(x - 3 * x1 + 3 * x2 - x3) / period ** 3 / L.jerk[j]);
      worst.beyond = Math.max(worst.beyond, L.lo[j] - x, x - L.hi[j]);
      worst.travel += Math.abs(x - x1);
    }
  return worst;
}

/** Each joint from where it is at a speed of its own, which changes on the way. */
function randomPlan(a: Arm, stamp: number, from: Float64Array, rng: Rng): Plan {
  const n = a.nq,
    H = 20,
    dt = 0.1,
    q = new Float64Array((H + 1) * n),
    v = new Float64Array((H + 1) * n);
  q.set(from);
  for (let h = 1; h <= H; h++)
    for (let j = 0; j < n; j++) {
      v[h * n + j] = h % 4 === 1 ? rng.range(-1, 1) * a.limits.velocity[j] : v[(h - 1) * n + j];
      q[h * n + j] = Math.max(a.limits.lo[j], Math.min(a.limits.hi[j], q[(h - 1) * n + j] + v[h * n + j] * dt));
    }
  return {
    level: "motion",
    stamp,
    dt,
    H,
    substeps: 1,
    nu: n,
    nq: n,
    a: new Float32Array(H * n),
    q,
    v,
    z: new Float32Array(0),
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 1,
    rollouts: 1,
    time: 0,
  };
}
