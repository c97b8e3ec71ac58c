import type { SupportTree } from "./SupportTree.js";

const STEPS = 60;
const CLOSE = 2e-4; // m

/**
 * A lower bound on the distance (m) of two hulls, some mm below it at worst; 0 if none is found: they touch, or
 * nearly. By Gilbert's algorithm (1966): w, a point of the difference A − B, moves to the point nearest 0 of the
 * segment from w to the point s of it that is farthest against w; every w shows that the hulls are (w·s)/|w| apart, and
 * no farther than |w|. Stops as soon as the bound is `enough`.
 * @param pose [12] of b's frame in a's
 * @param w [3] in: the start (0: from centre to centre); out: the end, a good start for hulls that moved a little
 * @param least also stops once it is known that they are nearer than `enough`, and whether they are nearer than this;
 * absent: stops when a step no longer improves the bound
 */
export function hullSeparation(
  a: SupportTree,
  b: SupportTree,
  pose: Float64Array,
  enough: number,
  w: Float64Array,
  least = NaN,
): number {
  const t = pose;
  let best = 0;
  if (w[0] === 0 && w[1] === 0 && w[2] === 0) begin(a, b, t, w);
  for (let k = 0; k < STEPS; k++) {
    const x = w[0],
      y = w[1],
      z = w[2],
      length = Math.sqrt(x * x + y * y + z * z);
    if (!(length > 1e-9)) return best;
    const bx = t[0] * x + t[4] * y + t[8] * z,
      by = t[1] * x + t[5] * y + t[9] * z,
      bz = t[2] * x + t[6] * y + t[10] * z;
    const apart = (-a.support(-x, -y, -z) - b.support(bx, by, bz) - (x * t[3] + y * t[7] + z * t[11])) / length;
    if (apart > best) best = apart;
    if (best >= enough || length - best < CLOSE) return best;
    if (k > 0 && (length < least || (length < enough && best >= least))) return best;
    const i = 4 * a.index,
      j = 4 * b.index,
      A = a.balls,
      B = b.balls,
      p = A[i + 3] + B[j + 3];
    const sx = A[i] - (t[0] * B[j] + t[1] * B[j + 1] + t[2] * B[j + 2] + t[3]) - (p * x) / length;
    const sy = A[i + 1] - (t[4] * B[j] + t[5] * B[j + 1] + t[6] * B[j + 2] + t[7]) - (p * y) / length;
    const sz = A[i + 2] - (t[8] * B[j] + t[9] * B[j + 1] + t[10] * B[j + 2] + t[11]) - (p * z) / length;
    if (k === 0) {
      ((w[0] = sx), (w[1] = sy), (w[2] = sz)); // a point of A − B, whatever w was
      continue;
    }
    const dx = sx - x,
      dy = sy - y,
      dz = sz - z,
      dd = dx * dx + dy * dy + dz * dz;
    const u = dd > 0 ? Math.min(1, Math.max(0, -(x * dx + y * dy + z * dz) / dd)) : 0;
    if (u === 0) return best;
    ((w[0] = x + u * dx), (w[1] = y + u * dy), (w[2] = z + u * dz));
  }
  return best;
}

/** From b's middle to a's. */
function begin(a: SupportTree, b: SupportTree, t: Float64Array, w: Float64Array): void {
  const [x, y, z] = b.middle;
  for (let r = 0; r < 3; r++) w[r] = a.middle[r] - (t[4 * r] * x + t[4 * r + 1] * y + t[4 * r + 2] * z + t[4 * r + 3]);
  if (Math.hypot(w[0], w[1], w[2]) < 1e-6) w[0] = 1;
}
