/** Knots of a trajectory: positions, and velocities and accelerations where they are given, [N,n] each. */
export interface Knots {
  readonly q: Float64Array; // rad
  readonly v: Float64Array | undefined; // rad/s
  readonly a: Float64Array | undefined; // rad/s²
}

/**
 * Position, velocity and acceleration x seconds into T, through what is given at both ends: q(x) = q0 + c1·x + c2·x² +
 * c3·x³ + c4·x⁴ + c5·x⁵. A line where no velocities are given, a cubic where no accelerations are.
 * @param out [3]
 * @param i index of the first knot's joint in `from`; o: of the second one's in `to`
 */
export function hermite(out: Float64Array, from: Knots, i: number, to: Knots, o: number, T: number, x: number): void {
  const q0 = from.q[i],
    dq = to.q[o] - q0;
  let c1 = dq / T,
    c2 = 0,
    c3 = 0,
    c4 = 0,
    c5 = 0;
  if (from.v !== undefined && to.v !== undefined) {
    const v0 = from.v[i],
      v1 = to.v[o];
    c1 = v0;
    if (from.a !== undefined && to.a !== undefined) {
      const a0 = from.a[i],
        a1 = to.a[o];
      c2 = a0 / 2;
      c3 = (20 * dq - (8 * v1 + 12 * v0) * T - (3 * a0 - a1) * T * T) / (2 * T ** 3);
      c4 = (-30 * dq + (14 * v1 + 16 * v0) * T + (3 * a0 - 2 * a1) * T * T) / (2 * T ** 4);
      c5 = (12 * dq - 6 * (v1 + v0) * T + (a1 - a0) * T * T) / (2 * T ** 5);
    } else {
      c2 = (3 * dq - (2 * v0 + v1) * T) / (T * T);
      c3 = (-2 * dq + (v0 + v1) * T) / (T * T * T);
    }
  }
  out[0] = q0 + x * (c1 + x * (c2 + x * (c3 + x * (c4 + x * c5))));
  out[1] = c1 + x * (2 * c2 + x * (3 * c3 + x * (4 * c4 + x * 5 * c5)));
  out[2] = 2 * c2 + x * (6 * c3 + x * (12 * c4 + x * 20 * c5));
}
