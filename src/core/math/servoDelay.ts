import type { Seconds } from "../Seconds.js";

/** Joints at a time, measured or commanded. */
export interface JointsAt {
  readonly t: Seconds;
  readonly q: ArrayLike<number>; // [n] rad
}

export interface Delay {
  readonly delay: Seconds;
  // half of what the first and the second half of the motion differ by, at least the resolution
  readonly within: Seconds;
  readonly samples: number; // in motion
}

const MOST: Seconds = 0.2;
const STEP: Seconds = 0.0005;
const MOVES = 0.05; // rad/s, of any joint
const ENOUGH = 50; // samples in motion

/**
 * The delay d with which an arm follows its commands: measured joints equal the joints commanded d earlier, except for
 * a constant of each joint,
 *
 *     d = argmin Σ_j Var_t[ q_j(t) − q*_j(t − d) ],  0 ≤ d ≤ 0.2 s, over measurements during commanded motion.
 *
 * @param commanded the position commanded for time t, into `out` [n]; false if there was none. @throws RangeError if
 * the arm moved too little
 */
export function servoDelay(
  measured: readonly JointsAt[],
  commanded: (t: Seconds, out: Float64Array) => boolean,
): Delay {
  const n = measured[0]?.q.length ?? 0,
    now = new Float64Array(n),
    before = new Float64Array(n),
    span = 0.01;
  const moving = measured.filter(
    ({ t }) =>
      commanded(t, now) &&
      commanded(t - MOST, before) &&
      commanded(t - span, before) &&
      now.some((x, j) => Math.abs(x - before[j]) > MOVES * span),
  );
  if (moving.length < ENOUGH)
    throw new RangeError(
      `${moving.length} measurements during commanded motion, want ${ENOUGH} or more: move several joints`,
    );
  const fit = (samples: readonly JointsAt[]): Seconds => {
    let best = Infinity,
      delay = 0;
    for (let d = 0; d <= MOST; d += STEP) {
      let cost = 0;
      const sum = new Float64Array(n),
        square = new Float64Array(n);
      for (const { t, q } of samples) {
        commanded(t - d, now);
        for (let j = 0; j < n; j++) {
          const r = q[j] - now[j];
          sum[j] += r;
          square[j] += r * r;
        }
      }
      for (let j = 0; j < n; j++) cost += square[j] - sum[j] ** 2 / samples.length;
      if (cost < best) [best, delay] = [cost, d];
    }
    return delay;
  };
  const half = Math.floor(moving.length / 2);
  return {
    delay: fit(moving),
    within: Math.max(STEP, Math.abs(fit(moving.slice(0, half)) - fit(moving.slice(half))) / 2),
    samples: moving.length,
  };
}
