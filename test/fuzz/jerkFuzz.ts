import { Rng } from "../../src/core/math/Rng.js";
import type { JointLimits } from "../../src/core/JointLimits.js";
import { longestStop } from "../../src/guardrails/filter/longestStop.js";
import { JerkLimiter } from "../../src/guardrails/filter/JerkLimiter.js";
import { JerkJoint, type JerkBounds } from "./JerkJoint.js";

/** Greatest excess: of positions in rad, of the others relative to their bound. */
export interface JerkExcess {
  steps: number;
  violations: number;
  position: number;
  velocity: number;
  acceleration: number;
  jerk: number;
  moved: number; // rad, all together
  refused: number; // steps on the stored stop because not even its own next step was found good
}

const TOLERANCE = 1e-9;

/**
 * Joints with jerk limits under the adversaries of `fuzzJoints`; the checker integrates by itself and looks at δ/20 of
 * every step.
 */
export function fuzzJerks(
  steps: number,
  seed: number,
  Limiter: typeof JerkLimiter = JerkLimiter,
  restart = 500,
): JerkExcess {
  const r: JerkExcess = {
      steps: 0,
      violations: 0,
      position: 0,
      velocity: 0,
      acceleration: 0,
      jerk: 0,
      moved: 0,
      refused: 0,
    },
    rng = new Rng(seed);
  while (r.steps < steps) {
    const lo = rng.range(-3, 0),
      l = {
        lo,
        hi: lo + rng.range(0.05, 5),
        velocity: 10 ** rng.range(-1, 0.7),
        acceleration: 10 ** rng.range(0, 1.5),
        jerk: 10 ** rng.range(1, 3),
      },
      dt = 10 ** rng.range(-2.3, -1.5);
    const start = rng.range(l.lo, l.hi),
      one = (x: number): Float64Array => Float64Array.of(x);
    if (
      !carriedOut(
        {
          lo: one(l.lo),
          hi: one(l.hi),
          velocity: one(l.velocity),
          acceleration: one(l.acceleration),
          jerk: one(l.jerk),
          effort: one(Infinity),
        },
        dt,
      )
    )
      continue; // such limits are refused
    const joint = new JerkJoint(l, dt, start, Limiter);
    let kind = 0,
      sign = 1;
    for (let i = 0; i < restart; i++, r.steps++) {
      if (i % 29 === 0) ((kind = rng.bits() % 5), (sign = rng.bits() & 1 ? 1 : -1));
      if (kind === 2 && joint.v === 0) sign = -sign;
      const requested =
        kind === 0
          ? i % 7 < 3
            ? 1e9
            : -1e9
          : kind === 1
            ? sign * l.velocity
            : kind === 2
              ? sign * 1e9
              : kind === 3
                ? rng.range(-1, 1) * l.velocity
                : [NaN, -0, 5e-324, Infinity, 0][i % 5];
      const { q, v, a } = joint;
      joint.step(requested);
      evaluate(r, q, v, a, joint, l, dt);
    }
    r.refused += joint.refused;
  }
  return r;
}

function carriedOut(limits: JointLimits, dt: number): boolean {
  try {
    return longestStop(limits, dt) > 0;
  } catch {
    return false;
  }
}

function evaluate(r: JerkExcess, q: number, v: number, a: number, after: JerkJoint, l: JerkBounds, dt: number): void {
  const j = (after.a - a) / dt;
  let position = -Infinity,
    velocity = 0;
  for (let i = 1; i <= 20; i++) {
    const t = (i * dt) / 20,
      x = q + v * t + (a * t * t) / 2 + (j * t * t * t) / 6;
    position = Math.max(position, x - l.hi, l.lo - x);
    velocity = Math.max(velocity, Math.abs(v + a * t + (j * t * t) / 2) / l.velocity - 1);
  }
  const jump = Math.max(
    Math.abs(after.q - (q + v * dt + (a * dt * dt) / 2 + (j * dt ** 3) / 6)),
    Math.abs(after.v - (v + a * dt + (j * dt * dt) / 2)),
  );
  const acceleration = Math.abs(after.a) / l.acceleration - 1,
    jerk = Math.abs(j) / l.jerk - 1;
  if (!(position <= TOLERANCE && velocity <= TOLERANCE && acceleration <= TOLERANCE && jerk <= 1e-6 && jump <= 2e-9))
    r.violations++;
  ((r.position = Math.max(r.position, position)),
    (r.velocity = Math.max(r.velocity, velocity)),
    (r.acceleration = Math.max(r.acceleration, acceleration)),
    (r.jerk = Math.max(r.jerk, jerk)));
  r.moved += Math.abs(after.q - q);
}
