import type { JointLimits } from "../../src/core/JointLimits.js";
import { Rng } from "../../src/core/math/Rng.js";

/** What is to be tried: fills lower and upper [n] for the joints at (q, v). */
export type Bounds = (
  lower: Float64Array,
  upper: Float64Array,
  q: Float64Array,
  v: Float64Array,
  iq: number,
  limits: JointLimits,
  dt: number,
) => void;

/** Greatest excess over each limit, and how often one was exceeded by more than 1e-9 (relative to the limit for A). */
export interface JointExcess {
  steps: number;
  violations: number;
  position: number; // rad
  velocity: number; // rad/s
  acceleration: number; // rad/s², relative
  empty: number; // W had no element
}

const JOINTS = 64;
const TOLERANCE = 1e-9;
const REQUESTS = 6;

/**
 * Joints that do their worst, by an oracle of its own: every joint has random limits and a period of 1–100 ms, and
 * changes its adversary now and then: bang-bang, pushing at one limit, stopping and reversing, noise, the edges of W,
 * sudden huge requests. Between samples the extremum of the parabola is exact: q − v²/2u where the velocity changes
 * sign; every 64th step is also looked at densely, at δ/20.
 */
export function fuzzJoints(steps: number, seed: number, bounds: Bounds, restart = 400): JointExcess {
  const worst: JointExcess = { steps: 0, violations: 0, position: 0, velocity: 0, acceleration: 0, empty: 0 };
  const rng = new Rng(seed),
    n = JOINTS;
  const q = new Float64Array(n),
    v = new Float64Array(n),
    lower = new Float64Array(n),
    upper = new Float64Array(n);
  const kind = new Int32Array(n),
    sign = new Float64Array(n);
  let limits!: JointLimits,
    dt = 0;
  for (let step = 0; worst.steps < steps; step++) {
    if (step % restart === 0) {
      dt = 10 ** rng.range(-3, -1);
      limits = randomLimits(rng, n);
      for (let j = 0; j < n; j++) ((q[j] = rng.range(limits.lo[j], limits.hi[j])), (v[j] = 0));
    }
    if (step % 23 === 0)
      for (let j = 0; j < n; j++) ((kind[j] = rng.bits() % REQUESTS), (sign[j] = rng.bits() & 1 ? 1 : -1));
    bounds(lower, upper, q, v, 0, limits, dt);
    for (let j = 0; j < n; j++) {
      const a = lower[j],
        b = upper[j];
      if (!(a <= b)) worst.empty++;
      if (kind[j] === 2 && v[j] === 0) sign[j] = -sign[j];
      const x = requested(kind[j], sign[j], a, b, v[j], step, rng);
      const w = x > a ? (x < b ? x : b) : a;
      advance(worst, q, v, j, w, limits, dt, step % 64 === 0);
    }
    worst.steps += n;
  }
  return worst;
}

function requested(kind: number, sign: number, a: number, b: number, v: number, step: number, rng: Rng): number {
  switch (kind) {
    case 0: // bang-bang
      return step % 7 < 3 ? 1e9 : -1e9;
    case 1: // toward one limit for ever
      return sign * 1e9;
    case 2: // stop, then reverse
      return v !== 0 && step % 5 !== 0 ? 0 : sign * 1e9;
    case 3: // noise within W
      return a + (b - a) * rng.uniform();
    case 4: // the edges of W
      return rng.bits() & 1 ? a : b;
    default: // nearly nothing
      return v * (1 + 1e-12 * sign) + sign * 5e-324;
  }
}

/** The oracle: moves joint j with constant acceleration to velocity w and looks at every limit, all the way. */
function advance(
  worst: JointExcess,
  q: Float64Array,
  v: Float64Array,
  j: number,
  w: number,
  l: JointLimits,
  dt: number,
  dense: boolean,
): void {
  const u = (w - v[j]) / dt;
  let top = Math.max(q[j], q[j] + 0.5 * (v[j] + w) * dt),
    bottom = Math.min(q[j], q[j] + 0.5 * (v[j] + w) * dt);
  if (v[j] > 0 && w < 0) top = Math.max(top, q[j] - (v[j] * v[j]) / (2 * u));
  if (v[j] < 0 && w > 0) bottom = Math.min(bottom, q[j] - (v[j] * v[j]) / (2 * u));
  if (dense)
    for (let i = 1; i < 20; i++) {
      const t = (dt * i) / 20,
        x = q[j] + (v[j] + 0.5 * u * t) * t;
      top = Math.max(top, x);
      bottom = Math.min(bottom, x);
    }
  const position = Math.max(top - l.hi[j], l.lo[j] - bottom),
    velocity = Math.abs(w) - l.velocity[j],
    acceleration = Math.abs(u) / l.acceleration[j] - 1;
  if (!(position <= TOLERANCE && velocity <= TOLERANCE && acceleration <= TOLERANCE)) worst.violations++;
  worst.position = Math.max(worst.position, position);
  worst.velocity = Math.max(worst.velocity, velocity);
  worst.acceleration = Math.max(worst.acceleration, acceleration);
  q[j] += 0.5 * (v[j] + w) * dt;
  v[j] = w;
}

export function randomLimits(rng: Rng, n: number): JointLimits {
  const lo = Float64Array.from({ length: n }, () => rng.range(-3.2, 0));
  return {
    lo,
    hi: lo.map((x) => x + (rng.bits() % 8 === 0 ? 1e-3 : 1) * rng.range(0.05, 6)),
    velocity: Float64Array.from({ length: n }, () => 10 ** rng.range(-1.5, 1)),
    acceleration: Float64Array.from({ length: n }, () => 10 ** rng.range(-1, 2)),
    effort: new Float64Array(n).fill(100),
  };
}
