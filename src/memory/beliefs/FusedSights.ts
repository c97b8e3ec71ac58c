import type { Belief } from "../../core/Belief.js";
import type { Seconds } from "../../core/Seconds.js";

const MOST = 32; // sights of one thing
const WINDOW: Seconds = 3;
const FLOOR = 5e-4; // m, least doubt: that of the camera's place, which no mean reduces
const TURN = 0.07; // rad, doubt of a sight's orientation
const ODD = 4.5; // deviations of one sight from the mean: |d| of three normal numbers is larger once in 7000
const DRIFT = 4; // deviations of the newer half from the older one: once in 900

/**
 * Sights of things at rest, fused. While sights x_i of deviation σ agree, a thing is believed at their mean, with
 *
 *     σ_n = max(σ/√n, floor),   |x_n − x̄| ≤ 4.5 σ √(1 + 1/(n−1)),   |x̄_new − x̄_old| ≤ 4 σ √(1/n_new + 1/n_old)
 *
 * over the last 32 sights of at most 3 s. One that does not agree is where the thing is now: it has been moved, and the
 * mean begins anew. Where the newer half does not agree with the older one, the older one is dropped.
 */
export class FusedSights {
  private readonly past = new Map<string, Belief[]>(); // oldest first

  /** @param round whether the thing looks the same however it is turned about its z axis */
  take(seen: Belief, round = false): Belief {
    const std = seen.positionStd;
    if (!(std > 0)) {
      this.past.delete(seen.id);
      return seen;
    }
    let sights = (this.past.get(seen.id) ?? []).filter(
      ({ stamp }) => stamp < seen.stamp && stamp >= seen.stamp - WINDOW,
    );
    if (!agree([seen], sights, std, round, ODD)) sights = [];
    sights.push(seen);
    if (sights.length > MOST) sights.shift();
    const half = sights.length >> 1;
    if (half >= 3 && !agree(sights.slice(half), sights.slice(0, half), std, round, DRIFT))
      sights = sights.slice(half + (half >> 1));
    this.past.set(seen.id, sights);
    const position = meanOf(sights, place);
    return {
      ...seen,
      position: [position[0], position[1], position[2]],
      orientation: round ? seen.orientation : meanTurn(sights),
      positionStd: Math.min(std, Math.max(FLOOR, std / Math.sqrt(sights.length))),
    };
  }

  forget(id: string): void {
    this.past.delete(id);
  }
}

const place = (b: Belief): readonly number[] => b.position;

/** A thing's own z axis. */
const axis = ({ orientation: [x, y, z, w] }: Belief): readonly number[] => [
  2 * (x * z + w * y),
  2 * (y * z - w * x),
  1 - 2 * (x * x + y * y),
];

function meanOf(sights: readonly Belief[], of: (b: Belief) => readonly number[]): number[] {
  const sum = [0, 0, 0];
  for (const s of sights) of(s).forEach((x, i) => (sum[i] += x / sights.length));
  return sum;
}

/** The normalised mean of unit quaternions, each of the sign that is nearer to the first. */
function meanTurn(sights: readonly Belief[]): Belief["orientation"] {
  const [first] = sights,
    sum = [0, 0, 0, 0];
  for (const { orientation: q } of sights) {
    const sign = q.reduce((dot, x, i) => dot + x * first.orientation[i], 0) < 0 ? -1 : 1;
    q.forEach((x, i) => (sum[i] += sign * x));
  }
  const norm = Math.hypot(...sum);
  return norm > 1e-6
    ? [sum[0] / norm, sum[1] / norm, sum[2] / norm, sum[3] / norm]
    : sights[sights.length - 1].orientation;
}

/** Whether the means of two groups of sights differ by no more than chance explains. An empty one agrees. */
function agree(a: readonly Belief[], b: readonly Belief[], std: number, round: boolean, most: number): boolean {
  if (a.length === 0 || b.length === 0) return true;
  const share = most * Math.sqrt(1 / a.length + 1 / b.length);
  const apart = (of: (s: Belief) => readonly number[]): number => {
    const [x, y] = [meanOf(a, of), meanOf(b, of)];
    return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
  };
  if (!(apart(place) <= share * std)) return false;
  if (round) return apart(axis) <= share * TURN;
  const [p, q] = [meanTurn(a), meanTurn(b)];
  const cosine = Math.min(1, Math.abs(p[0] * q[0] + p[1] * q[1] + p[2] * q[2] + p[3] * q[3]));
  return 2 * Math.acos(cosine) <= share * TURN;
}
