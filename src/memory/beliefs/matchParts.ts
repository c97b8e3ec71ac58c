import type { Body } from "../../core/Body.js";

// compared pairs, of one message about one id; beyond it no part is matched, which is the safe answer
const WORK = 20_000;
const ROUNDING = 1e-6; // m

/**
 * Which observed parts of a message account for which known parts of the same id: a maximum matching, one to one, where
 * an observed part can be the known one, seen again:
 *
 *     max(‖p0 − p0'‖, ‖p1 − p1'‖) ≤ 2ε + v·Δt        (ends in either order; ε: noise of each observation, v: speed
 *     bound of the known part)
 *
 * @returns [told] index of the known part that each accounts for, −1 for none; `undefined` if the search takes too long
 */
export function matchParts(known: readonly Body[], told: readonly Body[], noise: number): Int32Array | undefined {
  const of = new Int32Array(told.length).fill(-1);
  let work = 0;
  const seek = (k: number, tried: Uint8Array): boolean => {
    for (let i = 0; i < told.length; i++) {
      const t = (k + i) % told.length; // trackers mostly keep their order
      if (++work > WORK) return false;
      if (tried[t] === 1 || !mayBe(known[k], told[t], noise)) continue;
      tried[t] = 1;
      if (of[t] >= 0 && !seek(of[t], tried)) continue;
      of[t] = k;
      return true;
    }
    return false;
  };
  for (let k = 0; k < known.length; k++) seek(k, new Uint8Array(told.length));
  return work > WORK ? undefined : of;
}

/** Whether an observed part can be the known one, seen again. */
export function mayBe(known: Body, told: Body, noise: number): boolean {
  const most = 2 * noise + known.speedBound * Math.max(0, told.stamp - known.stamp) + ROUNDING;
  const a = apart(known.p0, told.p0),
    b = apart(known.p1, told.p1),
    c = apart(known.p0, told.p1),
    d = apart(known.p1, told.p0);
  return (a <= most && b <= most) || (c <= most && d <= most);
}

const apart = (a: Body["p0"], b: Body["p0"]): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
