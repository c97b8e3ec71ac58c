import type { Command } from "../Command.js";
import type { Seconds } from "../Seconds.js";

const HALF_MICROSECOND: Seconds = 5e-7;

/**
 * The state of a command at time t: cubic Hermite between knots, the first knot before its start, rest after its end.
 * Within half a microsecond of a knot it is that knot: seconds since the epoch have a rounding error of 0.2 µs, and a
 * command that starts so far beside its knot has 0.3 % more acceleration and 3 % more jerk than allowed.
 *
 *     q(s) = h00 q0 + h10 Δt v0 + h01 q1 + h11 Δt v1,  s = (t − t_i)/Δt
 *
 * @param q [nq] out, rad
 * @param v [nq] out, rad/s
 * @param a [nq] out, rad/s²; at a knot, of the interval after it
 */
export function sampleCommand(q: Float64Array, v: Float64Array, c: Command, t: Seconds, a?: Float64Array): void {
  const along = Math.max(0, (t - c.stamp) / c.dt),
    knot = Math.round(along);
  const x = Math.abs(along - knot) * c.dt < HALF_MICROSECOND ? knot : along;
  const i = Math.min(Math.floor(x), c.N - 2);
  const s = Math.min(x - i, 1);
  const { nq, dt } = c;
  for (let j = 0, k = i * nq, b = k + nq; j < nq; j++, k++, b++) {
    const d = c.q[b] - c.q[k];
    const v0 = c.v[k] * dt;
    const v1 = c.v[b] * dt;
    const c2 = 3 * d - 2 * v0 - v1;
    const c3 = v0 + v1 - 2 * d;
    q[j] = c.q[k] + s * (v0 + s * (c2 + s * c3));
    v[j] = (v0 + s * (2 * c2 + 3 * s * c3)) / dt;
    if (a !== undefined) a[j] = x < c.N - 1 ? (2 * c2 + 6 * s * c3) / (dt * dt) : 0;
  }
}
