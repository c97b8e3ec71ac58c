import type { Plan } from "../../src/core/Plan.js";

/** A plan of 3 s that turns the first joint at `speed`, rad/s, from posture q. */
export function turning(stamp: number, q: ArrayLike<number>, speed: number): Plan {
  const n = q.length;
  return {
    level: "motion",
    stamp,
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
    q: Float64Array.from({ length: 31 * n }, (_, i) => q[i % n] + (i % n === 0 ? 0.1 * speed * Math.floor(i / n) : 0)),
    v: Float64Array.from({ length: 31 * n }, (_, i) => (i % n === 0 && i >= n ? speed : 0)),
  };
}
