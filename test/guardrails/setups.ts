import { readFileSync } from "node:fs";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { loadRobotConfig } from "../../src/config/index.js";
import type { Body } from "../../src/core/Body.js";
import type { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { State } from "../../src/core/State.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";

export const robots = ["arm7", "ur5", "so101"] as const;

/** An arm as its YAML has it. */
export function arm(name: (typeof robots)[number]): Arm {
  const robot = loadRobotConfig(name);
  return armFromUrdf(parseUrdf(readFileSync(robot.urdf!, "utf8")), armOptions(robot));
}

/** The same with jerk limits, in rad/s³, on all joints but the last, whose acceleration may jump. */
export function jerky(name: (typeof robots)[number]): Arm {
  const a = arm(name);
  return {
    ...a,
    limits: {
      ...a.limits,
      jerk: a.limits.acceleration.map((x, j) => (j + 1 < a.nq ? 25 * x * (1 + (j % 3)) : Infinity)),
    },
  };
}

/** Capsules that move. */
export const watched = (a: Arm): Int32Array => Int32Array.from(a.capsules.keys()).filter((c) => a.capsules[c].link > 0);

export const world = (stamp: number, bodies: readonly Body[] = [], nq = 0): State => ({
  stamp,
  q: new Float64Array(nq),
  v: new Float64Array(nq),
  objects: new Map(),
  bodies,
});

export const person = (
  p0: readonly number[],
  p1: readonly number[],
  radius: number,
  stamp: number,
  speedBound = 1.6,
): Body => ({
  id: "person",
  kind: "person",
  p0: p0 as [number, number, number],
  p1: p1 as [number, number, number],
  radius,
  speedBound,
  stamp,
});

/**
 * K paths of N knots, h apart: from anywhere within the limits, each joint at random, up to `speed` of its velocity
 * limit, with constant acceleration between knots.
 */
export function randomPaths(a: Arm, K: number, N: number, h: number, rng: Rng, speed = 1): Rollouts {
  const { nq, limits: l } = a,
    r = new Rollouts({ K, H: N - 1, substeps: 1, dt: h, nq, nc: a.capsules.length });
  r.from = world(0);
  for (let k = 0; k < K; k++)
    for (let j = 0; j < nq; j++) {
      let q = rng.range(l.lo[j], l.hi[j]),
        v = rng.range(-1, 1) * l.velocity[j] * speed;
      for (let n = 0; n < N; n++) {
        r.q[(k * N + n) * nq + j] = q;
        r.v[(k * N + n) * nq + j] = v;
        const w = Math.max(
          -l.velocity[j] * speed,
          Math.min(
            l.velocity[j] * speed,
            v + (rng.bits() & 1 ? 1 : -1) * l.acceleration[j] * h * Math.min(1, 2 * rng.uniform()),
          ),
        );
        q += 0.5 * (v + w) * h;
        v = w;
      }
    }
  return r;
}

/** The same paths, their velocities being means. */
export const asMeans = (r: Rollouts): Rollouts => Object.create(r, { quasistatic: { value: true } }) as Rollouts;

/** The joints of path k, a share s of the way from knot n to the next, by constant acceleration. */
export function between(r: Rollouts, k: number, n: number, s: number, q = new Float64Array(r.nq)): Float64Array {
  const h = r.dt / r.substeps,
    t = s * h;
  for (let j = 0; j < r.nq; j++) {
    const i = (k * r.N + n) * r.nq + j,
      v = r.v[i];
    q[j] = r.q[i] + v * t + (n + 1 < r.N ? ((r.v[i + r.nq] - v) / h) * 0.5 * t * t : 0);
  }
  return q;
}
