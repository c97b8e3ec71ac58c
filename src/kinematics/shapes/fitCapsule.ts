import type { Vec3 } from "../../core/geometry/Shape.js";

export interface FittedCapsule {
  readonly p0: Vec3;
  readonly p1: Vec3;
  readonly radius: number;
}

const MANY = 400; // balls
const DIRECTIONS = 150;
const WIDER = [1, 1.04, 1.1, 1.2, 1.35]; // a little more radius can save much length at the caps

/**
 * A capsule that contains all balls [n,4] (centre and radius, m), of small volume, not the smallest. For each of the
 * axes x, y, z and the principal axes: the centre line is set by the smallest circle found round the balls seen along
 * the axis, radius R = max(ρ + r); a ball at height h, off the line by ρ, is inside iff h lies within s = √((R − r)² −
 * ρ²) of the segment, so the segment is [min(h + s), max(h − s)]. A ball set that is convex-hulled is contained with
 * its hull, for a capsule is convex.
 */
export function fitCapsule(balls: Float64Array): FittedCapsule {
  if (balls.length / 4 <= MANY) return fitAll(balls);
  // A mesh: fit the extreme balls of some directions, add those left outside, again until none is.
  let core = extremes(balls);
  for (;;) {
    const c = fitAll(core),
      out = outside(balls, c);
    if (out.length === 0) return c;
    const grown = new Float64Array(core.length + out.length);
    grown.set(core);
    grown.set(out, core.length);
    core = grown;
  }
}

function fitAll(balls: Float64Array): FittedCapsule {
  let best: FittedCapsule | undefined;
  for (const axis of [[1, 0, 0], [0, 1, 0], [0, 0, 1], ...principalAxes(balls)])
    for (const c of along(balls, axis as [number, number, number]))
      if (best === undefined || capsuleVolume(c) < capsuleVolume(best)) best = c;
  return best!;
}

export function capsuleVolume(c: FittedCapsule): number {
  return (
    Math.PI * c.radius ** 2 * (Math.hypot(c.p1[0] - c.p0[0], c.p1[1] - c.p0[1], c.p1[2] - c.p0[2]) + (4 / 3) * c.radius)
  );
}

/** The balls that reach farthest along directions spread evenly on the sphere (Fibonacci's spiral). */
function extremes(balls: Float64Array): Float64Array {
  const chosen = new Set<number>();
  for (let k = 0; k < DIRECTIONS; k++) {
    const z = 1 - (2 * k + 1) / DIRECTIONS,
      r = Math.sqrt(1 - z * z),
      angle = k * 2.399963229728653;
    const x = r * Math.cos(angle),
      y = r * Math.sin(angle);
    let far = 0,
      reach = -Infinity;
    for (let i = 0; i < balls.length; i += 4) {
      const d = x * balls[i] + y * balls[i + 1] + z * balls[i + 2] + balls[i + 3];
      if (d > reach) ((reach = d), (far = i));
    }
    chosen.add(far);
  }
  return Float64Array.from([...chosen].flatMap((i) => [...balls.subarray(i, i + 4)]));
}

/** Up to 50 balls of those that stick out of a capsule, including the farthest. */
function outside(balls: Float64Array, c: FittedCapsule): Float64Array {
  const [x, y, z] = c.p0,
    u = c.p1[0] - x,
    v = c.p1[1] - y,
    w = c.p1[2] - z,
    uu = u * u + v * v + w * w;
  const found: number[] = [];
  let far = -1,
    most = 1e-12;
  for (let i = 0; i < balls.length; i += 4) {
    const a = balls[i] - x,
      b = balls[i + 1] - y,
      d = balls[i + 2] - z;
    const t = uu > 0 ? Math.min(1, Math.max(0, (a * u + b * v + d * w) / uu)) : 0;
    const e = Math.sqrt((a - t * u) ** 2 + (b - t * v) ** 2 + (d - t * w) ** 2) + balls[i + 3] - c.radius;
    if (e > 1e-12) found.push(i);
    if (e > most) ((most = e), (far = i));
  }
  const step = Math.ceil(found.length / 49);
  return Float64Array.from(
    (far < 0 ? [] : [far, ...found.filter((i, k) => k % step === 0 && i !== far)]).flatMap((i) => [
      ...balls.subarray(i, i + 4),
    ]),
  );
}

/** The axis that z has the smallest part along. */
function leastAlong(z: readonly number[]): [number, number, number] {
  const [x, y, h] = z.map(Math.abs);
  if (x <= y && x <= h) return [1, 0, 0];
  return y <= h ? [0, 1, 0] : [0, 0, 1];
}

function along(balls: Float64Array, z: [number, number, number]): FittedCapsule[] {
  const x = unit(cross(leastAlong(z), z)),
    y = cross(z, x);
  const n = balls.length / 4;
  const u = new Float64Array(n),
    v = new Float64Array(n),
    h = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const a = balls[4 * i],
      b = balls[4 * i + 1],
      c = balls[4 * i + 2];
    ((u[i] = a * x[0] + b * x[1] + c * x[2]),
      (v[i] = a * y[0] + b * y[1] + c * y[2]),
      (h[i] = a * z[0] + b * z[1] + c * z[2]));
  }
  // The circle's centre: start in the middle of the extent and step toward the farthest ball, less each time (Bădoiu &
  // Clarkson 2003).
  const mid = (w: Float64Array): number => {
    let lo = Infinity,
      hi = -Infinity;
    for (let i = 0; i < n; i++)
      ((lo = Math.min(lo, w[i] - balls[4 * i + 3])), (hi = Math.max(hi, w[i] + balls[4 * i + 3])));
    return (lo + hi) / 2;
  };
  let cu = mid(u),
    cv = mid(v),
    bu = cu,
    bv = cv,
    R = Infinity;
  for (let k = 1; k <= 60; k++) {
    let far = 0,
      reach = -1;
    for (let i = 0; i < n; i++) {
      const du = u[i] - cu,
        dv = v[i] - cv,
        d = Math.sqrt(du * du + dv * dv) + balls[4 * i + 3];
      if (d > reach) ((reach = d), (far = i));
    }
    if (reach < R) ((R = reach), (bu = cu), (bv = cv));
    ((cu += (u[far] - cu) / (k + 4)), (cv += (v[far] - cv) / (k + 4)));
  }
  const point = (t: number): Vec3 => [
    bu * x[0] + bv * y[0] + t * z[0],
    bu * x[1] + bv * y[1] + t * z[1],
    bu * x[2] + bv * y[2] + t * z[2],
  ];
  return WIDER.map((wider) => {
    const radius = R * wider + 1e-9; // room for rounding, so that "contains" is true of the numbers too
    let lo = Infinity,
      hi = -Infinity;
    for (let i = 0; i < n; i++) {
      const free = radius - balls[4 * i + 3],
        du = u[i] - bu,
        dv = v[i] - bv;
      const s = Math.sqrt(Math.max(0, free * free - du * du - dv * dv));
      if (h[i] + s < lo) lo = h[i] + s;
      if (h[i] - s > hi) hi = h[i] - s;
    }
    if (lo > hi) lo = hi = (lo + hi) / 2; // one ball holds everything
    return { p0: point(lo), p1: point(hi), radius };
  });
}

/** Eigenvectors of the centres' covariance, by Jacobi rotations. */
function principalAxes(balls: Float64Array): number[][] {
  const n = balls.length / 4,
    m = [0, 0, 0],
    C = [0, 1, 2].map(() => [0, 0, 0]),
    V = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
  for (let i = 0; i < n; i++) for (let r = 0; r < 3; r++) m[r] += balls[4 * i + r] / n;
  for (let i = 0; i < n; i++)
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) C[r][c] += (balls[4 * i + r] - m[r]) * (balls[4 * i + c] - m[c]);
  for (let round = 0; round < 24; round++) {
    const [p, q] = [
      [0, 1],
      [0, 2],
      [1, 2],
    ][round % 3];
    if (Math.abs(C[p][q]) < 1e-18) continue;
    const theta = 0.5 * Math.atan2(2 * C[p][q], C[p][p] - C[q][q]),
      c = Math.cos(theta),
      s = Math.sin(theta);
    for (const M of [C])
      for (let k = 0; k < 3; k++) [M[k][p], M[k][q]] = [c * M[k][p] + s * M[k][q], c * M[k][q] - s * M[k][p]];
    for (let k = 0; k < 3; k++) [C[p][k], C[q][k]] = [c * C[p][k] + s * C[q][k], c * C[q][k] - s * C[p][k]];
    for (let k = 0; k < 3; k++) [V[k][p], V[k][q]] = [c * V[k][p] + s * V[k][q], c * V[k][q] - s * V[k][p]];
  }
  return [0, 1, 2].map((c) => unit([V[0][c], V[1][c], V[2][c]]));
}

function cross(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: readonly number[]): [number, number, number] {
  const n = Math.hypot(a[0], a[1], a[2]) || 1;
  return [a[0] / n, a[1] / n, a[2] / n];
}
