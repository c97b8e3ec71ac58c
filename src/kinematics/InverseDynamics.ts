import type { Vec3 } from "../core/geometry/Shape.js";
import type { Arm } from "./Arm.js";
import { JOINT, jointTerms } from "./urdf/jointTerms.js";

const G: Vec3 = [0, 0, -9.81]; // m/s², base frame
const POSE = 12; // R by rows, p

/**
 * Joint torques τ[nq] = M(q)·a + h(q, v), gravity included, by recursive Newton–Euler in the links' own frames (Luh,
 * Walker & Paul 1980). With R, p the pose of a link's frame in the one before, k its joint's axis, all before the
 * equals sign in the link's frame:
 *   out:  ω = Rᵀω₋ + k v,  α = Rᵀα₋ + (Rᵀω₋) × k v + k a,  p̈ = Rᵀ(p̈₋ + α₋ × p + ω₋ × (ω₋ × p))
 *         (prismatic: ω, α without k; p̈ gains k a + 2 ω × k v), p̈₀ = −g
 *   back: f = m c̈ + Σ R₊f₊,  n = Iα + ω × Iω + c × m c̈ + Σ (R₊n₊ + p₊ × R₊f₊),  τ = k·n (prismatic: k·f)
 * Friction and rotor inertia are not included: a URDF does not have them. Buffers are allocated once; not to be shared
 * by concurrent users.
 */
export class InverseDynamics {
  readonly torque: Float64Array; // [nq] N·m (N if prismatic)
  readonly loaded: Float64Array; // [nq] of 1 kg that the last link carries, see `carry`
  private readonly nq: number;
  private readonly terms: Float64Array; // [nq,33] see `jointTerms`
  private readonly axes: Float64Array; // [nq,3]
  private readonly slides: Uint8Array; // [nq]
  private readonly poses: Float64Array; // [nq,12] of each frame in the one before
  private readonly motion: Float64Array; // [nq+1,9] ω, α, p̈ of each frame
  private readonly wrench: Float64Array; // [nq,6] force and moment about the frame's origin
  private readonly masses: Float64Array; // [nq,10] m, com, inertia xx xy xz yy yz zz

  constructor(arm: Arm, gravity: Vec3 = G) {
    const { nq } = arm;
    this.nq = nq;
    this.torque = new Float64Array(nq);
    this.loaded = new Float64Array(nq);
    this.terms = jointTerms(arm);
    this.axes = arm.axes;
    this.slides = Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 1 : 0));
    this.poses = new Float64Array(POSE * nq);
    this.motion = new Float64Array(9 * (nq + 1));
    this.wrench = new Float64Array(6 * nq);
    this.masses = Float64Array.from(arm.inertias.flatMap((i) => [i.mass, ...i.com, ...i.inertia]));
    for (let e = 0; e < 3; e++) this.motion[6 + e] = -gravity[e];
  }

  /** Fills and returns `torque` for q[nq], v[nq], a[nq] from the offset i each. */
  compute(q: Float64Array, v: Float64Array, a: Float64Array, i: number): Float64Array {
    this.place(q, i);
    return this.solve(v, i, a, i);
  }

  /** Takes the joint positions q[nq] from the offset i, for any number of `solve`. */
  place(q: Float64Array, i: number): void {
    const { terms: t, poses: P, nq } = this;
    for (let j = 0, k = 0, o = 0; j < nq; j++, k += JOINT, o += POSE) {
      const x = q[i + j],
        c = Math.cos(x),
        s = Math.sin(x);
      for (let e = 0; e < 9; e++) P[o + e] = t[k + e] + c * t[k + 9 + e] + s * t[k + 18 + e];
      for (let e = 0; e < 3; e++) P[o + 9 + e] = t[k + 27 + e] + x * t[k + 30 + e];
    }
  }

  /** Fills and returns `torque` for v[nq] from the offset iv and a[nq] from ia, at the positions placed last. */
  solve(v: Float64Array, iv: number, a: Float64Array, ia: number): Float64Array {
    for (let j = 0; j < this.nq; j++) this.outward(j, v[iv + j], a[ia + j]);
    for (let j = this.nq - 1; j >= 0; j--) this.inward(j, 6 * j, this.torque);
    return this.torque;
  }

  /**
   * Fills and returns `loaded`: what 1 kg at (x, y, z) m of the last frame adds to the torques solved last. A point's
   * torques grow with its mass and with nothing else, so m kg there add m times as much.
   */
  carry(x: number, y: number, z: number): Float64Array {
    const { motion: m, wrench: w, nq } = this,
      o = 9 * nq,
      e = 6 * (nq - 1);
    const wx = m[o],
      wy = m[o + 1],
      wz = m[o + 2],
      bx = m[o + 3],
      by = m[o + 4],
      bz = m[o + 5];
    const ux = wy * z - wz * y,
      uy = wz * x - wx * z,
      uz = wx * y - wy * x; // ω × c
    const fx = m[o + 6] + by * z - bz * y + wy * uz - wz * uy;
    const fy = m[o + 7] + bz * x - bx * z + wz * ux - wx * uz;
    const fz = m[o + 8] + bx * y - by * x + wx * uy - wy * ux;
    w.fill(0);
    ((w[e] = fx), (w[e + 1] = fy), (w[e + 2] = fz));
    ((w[e + 3] = y * fz - z * fy), (w[e + 4] = z * fx - x * fz), (w[e + 5] = x * fy - y * fx));
    for (let j = nq - 1; j >= 0; j--) this.inward(j, 6 * j, this.loaded);
    return this.loaded;
  }

  /** Motion of frame j+1 from that of frame j, and the wrench that its link's own motion needs. */
  private outward(j: number, v: number, a: number): void {
    const { motion: m, masses: M, wrench: w, poses: P, axes: k } = this;
    const p = 9 * j,
      o = p + 9,
      r = POSE * j,
      slides = this.slides[j];
    const r0 = P[r],
      r1 = P[r + 1],
      r2 = P[r + 2],
      r3 = P[r + 3],
      r4 = P[r + 4],
      r5 = P[r + 5],
      r6 = P[r + 6],
      r7 = P[r + 7],
      r8 = P[r + 8];
    const rx = P[r + 9],
      ry = P[r + 10],
      rz = P[r + 11];
    const kx = k[3 * j],
      ky = k[3 * j + 1],
      kz = k[3 * j + 2];
    const ox = m[p],
      oy = m[p + 1],
      oz = m[p + 2],
      ax = m[p + 3],
      ay = m[p + 4],
      az = m[p + 5];
    const sx = oy * rz - oz * ry,
      sy = oz * rx - ox * rz,
      sz = ox * ry - oy * rx; // ω₋ × p
    const ex = m[p + 6] + ay * rz - az * ry + oy * sz - oz * sy;
    const ey = m[p + 7] + az * rx - ax * rz + oz * sx - ox * sz;
    const ez = m[p + 8] + ax * ry - ay * rx + ox * sy - oy * sx;
    let wx = r0 * ox + r3 * oy + r6 * oz,
      wy = r1 * ox + r4 * oy + r7 * oz,
      wz = r2 * ox + r5 * oy + r8 * oz;
    let bx = r0 * ax + r3 * ay + r6 * az,
      by = r1 * ax + r4 * ay + r7 * az,
      bz = r2 * ax + r5 * ay + r8 * az;
    let px = r0 * ex + r3 * ey + r6 * ez,
      py = r1 * ex + r4 * ey + r7 * ez,
      pz = r2 * ex + r5 * ey + r8 * ez;
    const cx = wy * kz - wz * ky,
      cy = wz * kx - wx * kz,
      cz = wx * ky - wy * kx; // ω × k
    if (slides === 1) {
      ((px += kx * a + 2 * cx * v), (py += ky * a + 2 * cy * v), (pz += kz * a + 2 * cz * v));
    } else {
      ((wx += kx * v), (wy += ky * v), (wz += kz * v));
      ((bx += kx * a + cx * v), (by += ky * a + cy * v), (bz += kz * a + cz * v));
    }
    ((m[o] = wx), (m[o + 1] = wy), (m[o + 2] = wz));
    ((m[o + 3] = bx), (m[o + 4] = by), (m[o + 5] = bz));
    ((m[o + 6] = px), (m[o + 7] = py), (m[o + 8] = pz));

    const b = 10 * j,
      mass = M[b],
      gx = M[b + 1],
      gy = M[b + 2],
      gz = M[b + 3];
    const ux = wy * gz - wz * gy,
      uy = wz * gx - wx * gz,
      uz = wx * gy - wy * gx; // ω × c
    const fx = mass * (px + by * gz - bz * gy + wy * uz - wz * uy);
    const fy = mass * (py + bz * gx - bx * gz + wz * ux - wx * uz);
    const fz = mass * (pz + bx * gy - by * gx + wx * uy - wy * ux);
    const xx = M[b + 4],
      xy = M[b + 5],
      xz = M[b + 6],
      yy = M[b + 7],
      yz = M[b + 8],
      zz = M[b + 9];
    const hx = xx * wx + xy * wy + xz * wz,
      hy = xy * wx + yy * wy + yz * wz,
      hz = xz * wx + yz * wy + zz * wz; // Iω
    const e = 6 * j;
    ((w[e] = fx), (w[e + 1] = fy), (w[e + 2] = fz));
    w[e + 3] = xx * bx + xy * by + xz * bz + wy * hz - wz * hy + gy * fz - gz * fy;
    w[e + 4] = xy * bx + yy * by + yz * bz + wz * hx - wx * hz + gz * fx - gx * fz;
    w[e + 5] = xz * bx + yz * by + zz * bz + wx * hy - wy * hx + gx * fy - gy * fx;
  }

  /**
   * Takes the part of link j's wrench along its joint's axis, and adds the wrench, carried there, to the link's before.
   */
  private inward(j: number, e: number, torque: Float64Array): void {
    const { wrench: w, poses: P, axes: k } = this;
    const fx = w[e],
      fy = w[e + 1],
      fz = w[e + 2],
      nx = w[e + 3],
      ny = w[e + 4],
      nz = w[e + 5];
    const kx = k[3 * j],
      ky = k[3 * j + 1],
      kz = k[3 * j + 2];
    torque[j] = this.slides[j] === 1 ? kx * fx + ky * fy + kz * fz : kx * nx + ky * ny + kz * nz;
    if (j === 0) return;
    const r = POSE * j,
      d = e - 6;
    const gx = P[r] * fx + P[r + 1] * fy + P[r + 2] * fz,
      gy = P[r + 3] * fx + P[r + 4] * fy + P[r + 5] * fz,
      gz = P[r + 6] * fx + P[r + 7] * fy + P[r + 8] * fz;
    const rx = P[r + 9],
      ry = P[r + 10],
      rz = P[r + 11];
    ((w[d] += gx), (w[d + 1] += gy), (w[d + 2] += gz));
    w[d + 3] += P[r] * nx + P[r + 1] * ny + P[r + 2] * nz + ry * gz - rz * gy;
    w[d + 4] += P[r + 3] * nx + P[r + 4] * ny + P[r + 5] * nz + rz * gx - rx * gz;
    w[d + 5] += P[r + 6] * nx + P[r + 7] * ny + P[r + 8] * nz + rx * gy - ry * gx;
  }
}
