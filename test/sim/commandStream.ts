import type { Command } from "../../src/core/Command.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { Arm } from "../../src/kinematics/Arm.js";

const DT = 0.01; // s
const MOVES = 4;

interface State {
  readonly q: readonly number[];
  readonly v: readonly number[];
}

/**
 * What an agent would send every 10 ms while each joint goes from place to place as fast as it may: step and hardest
 * braking. Accelerations are constant between knots. `of(k)` leaves at k·10 ms and begins `lead` later; `at(t)` is
 * where the arm shall be at t.
 */
export function commandStream(
  { nq, limits }: Arm,
  start: ArrayLike<number>,
  rng: Rng,
  lead: number,
): { ticks: number; of: (k: number) => Command; at: (t: number) => State } {
  const path: State[] = [{ q: Array.from(start), v: Array.from(start, () => 0) }];
  const next = ({ q, v }: State, requested: (j: number) => number): State => {
    const w = v.map((x, j) =>
      Math.min(Math.max(requested(j), x - limits.acceleration[j] * DT), x + limits.acceleration[j] * DT),
    );
    return { q: q.map((x, j) => x + 0.5 * (v[j] + w[j]) * DT), v: w };
  };
  for (let move = 0; move < MOVES; move++) {
    const goal = Array.from(start, (_, j) => rng.range(Math.max(limits.lo[j], -2), Math.min(limits.hi[j], 2)));
    // The greatest speed from which the way that is left is enough to brake in: v²/2A + vδ ≤ d.
    const toward =
      (s: State) =>
      (j: number): number => {
        const d = goal[j] - s.q[j],
          A = 0.9 * limits.acceleration[j],
          v = Math.min(limits.velocity[j], Math.sqrt((A * DT) ** 2 + 2 * A * Math.abs(d)) - A * DT);
        return Math.sign(d) * v;
      };
    for (let k = 0; k < 250; k++) path.push(next(path.at(-1)!, toward(path.at(-1)!)));
    while (path.at(-1)!.v.some((x) => x !== 0)) path.push(next(path.at(-1)!, () => 0));
  }
  const state = (k: number): State => path[Math.min(Math.max(k, 0), path.length - 1)];
  const of = (k: number): Command => {
    const knots = [state(k), state(k + 1)];
    while (knots.length < 3 || knots.at(-1)!.v.some((x) => x !== 0)) knots.push(next(knots.at(-1)!, () => 0));
    return {
      stamp: k * DT + lead,
      dt: DT,
      N: knots.length,
      nq,
      q: Float64Array.from(knots.flatMap((s) => s.q)),
      v: Float64Array.from(knots.flatMap((s) => s.v)),
    };
  };
  const at = (t: number): State => {
    const x = (t - lead) / DT,
      k = Math.floor(x + 1e-9),
      s = (x - k) * DT,
      a = state(k),
      b = state(k + 1);
    return {
      q: a.q.map((q, j) => q + a.v[j] * s + (0.5 * (b.v[j] - a.v[j]) * s * s) / DT),
      v: a.v.map((v, j) => v + ((b.v[j] - v) * s) / DT),
    };
  };
  return { ticks: path.length, of, at };
}
