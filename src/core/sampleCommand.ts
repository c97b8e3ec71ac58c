import type { Command } from "./Command.js";
import type { Seconds } from "./Seconds.js";

/**
 * The state a command stands for at time t: cubic Hermite between knots, the first knot before it begins, rest after it ends.
 *
 *     q(s) = h00 q0 + h10 Δt v0 + h01 q1 + h11 Δt v1,  s = (t − t_i)/Δt
 *
 * @param q [nq] out, rad
 * @param v [nq] out, rad/s
 */
export function sampleCommand(q: Float64Array, v: Float64Array, c: Command, t: Seconds): void {
  const x = Math.max(0, (t - c.stamp) / c.dt);
  const i = Math.min(Math.floor(x), c.N - 2);
  const s = Math.min(x - i, 1);
  const { nq, dt } = c;
  for (let j = 0, a = i * nq, b = a + nq; j < nq; j++, a++, b++) {
    const d = c.q[b] - c.q[a];
    const v0 = c.v[a] * dt;
    const v1 = c.v[b] * dt;
    const c2 = 3 * d - 2 * v0 - v1;
    const c3 = v0 + v1 - 2 * d;
    q[j] = c.q[a] + s * (v0 + s * (c2 + s * c3));
    v[j] = (v0 + s * (2 * c2 + 3 * s * c3)) / dt;
  }
}
