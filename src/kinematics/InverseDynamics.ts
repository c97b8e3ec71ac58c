import type { Vec3 } from "../core/Shape.js";
import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";

const G: Vec3 = [0, 0, -9.81]; // m/s², base frame

/**
 * Joint torques τ[nq] = M(q)·a + h(q, v), gravity included, by recursive Newton–Euler in base-frame coordinates (Luh, Walker & Paul 1980):
 *   out:  ωᵢ = ωᵢ₋₁ + z vᵢ,  αᵢ = αᵢ₋₁ + z aᵢ + ωᵢ₋₁ × z vᵢ,  p̈ᵢ = p̈ᵢ₋₁ + αᵢ₋₁ × r + ωᵢ₋₁ × (ωᵢ₋₁ × r)
 *         (prismatic: ω, α as before; p̈ᵢ gains z aᵢ + 2 ωᵢ × z vᵢ), p̈₀ = −g
 *   back: f = m c̈ + Σ f′,  n = Iα + ω × Iω + c × m c̈ + Σ (n′ + r × f′),  τᵢ = z·n (prismatic: z·f)
 * Friction and rotor inertia are not in it: a URDF does not know them. Buffers are allocated once; not to be shared by concurrent users.
 */
export class InverseDynamics {
  readonly torque: Float64Array; // [nq] N·m (N if prismatic)
  private readonly kinematics: Kinematics;
  private readonly motion: Float64Array; // [nq+1,9] ω, α, p̈ of each frame, base frame
  private readonly wrench: Float64Array; // [nq,6] force and moment about the frame's origin
  private readonly masses: Float64Array; // [nq,10] m, com, inertia xx xy xz yy yz zz

  constructor(
    private readonly arm: Arm,
    private readonly gravity: Vec3 = G,
  ) {
    this.kinematics = new Kinematics(arm);
    this.torque = new Float64Array(arm.nq);
    this.motion = new Float64Array(9 * (arm.nq + 1));
    this.wrench = new Float64Array(6 * arm.nq);
    this.masses = Float64Array.from(arm.inertias.flatMap((i) => [i.mass, ...i.com, ...i.inertia]));
  }

  /** Fills and returns `torque` for q[nq], v[nq], a[nq] from the offset i each. */
  compute(q: Float64Array, v: Float64Array, a: Float64Array, i: number): Float64Array {
    const { nq } = this.arm;
    this.kinematics.forward(q, i);
    for (let k = 0; k < 3; k++) this.motion[6 + k] = -this.gravity[k];
    for (let j = 0; j < nq; j++) this.outward(j, v[i + j], a[i + j]);
    for (let j = nq - 1; j >= 0; j--) this.inward(j);
    return this.torque;
  }

  /** Motion of frame j+1 from that of frame j, and the wrench that its link's own motion needs. */
  private outward(j: number, v: number, a: number): void {
    const { motion: m, masses: M, wrench: w } = this, f = this.kinematics.frames, k = this.arm.axes;
    const F = 12 * (j + 1), P = 12 * j, p = 9 * j, o = 9 * (j + 1), slides = this.arm.kinds[j] === "prismatic";
    const zx = f[F] * k[3 * j] + f[F + 1] * k[3 * j + 1] + f[F + 2] * k[3 * j + 2];
    const zy = f[F + 4] * k[3 * j] + f[F + 5] * k[3 * j + 1] + f[F + 6] * k[3 * j + 2];
    const zz = f[F + 8] * k[3 * j] + f[F + 9] * k[3 * j + 1] + f[F + 10] * k[3 * j + 2];
    const rx = f[F + 3] - f[P + 3], ry = f[F + 7] - f[P + 7], rz = f[F + 11] - f[P + 11];
    const ox = m[p], oy = m[p + 1], oz = m[p + 2], ax = m[p + 3], ay = m[p + 4], az = m[p + 5];
    const sx = oy * rz - oz * ry, sy = oz * rx - ox * rz, sz = ox * ry - oy * rx; // ω × r
    const cx = oy * zz - oz * zy, cy = oz * zx - ox * zz, cz = ox * zy - oy * zx; // ω × z
    const turn = slides ? 0 : 1, slide = 1 - turn;
    const wx = (m[o] = ox + turn * zx * v), wy = (m[o + 1] = oy + turn * zy * v), wz = (m[o + 2] = oz + turn * zz * v);
    const bx = (m[o + 3] = ax + turn * (zx * a + cx * v)), by = (m[o + 4] = ay + turn * (zy * a + cy * v)), bz = (m[o + 5] = az + turn * (zz * a + cz * v));
    const px = (m[o + 6] = m[p + 6] + ay * rz - az * ry + oy * sz - oz * sy + slide * (zx * a + 2 * cx * v));
    const py = (m[o + 7] = m[p + 7] + az * rx - ax * rz + oz * sx - ox * sz + slide * (zy * a + 2 * cy * v));
    const pz = (m[o + 8] = m[p + 8] + ax * ry - ay * rx + ox * sy - oy * sx + slide * (zz * a + 2 * cz * v));

    const b = 10 * j, mass = M[b], lx = M[b + 1], ly = M[b + 2], lz = M[b + 3];
    const gx = f[F] * lx + f[F + 1] * ly + f[F + 2] * lz, gy = f[F + 4] * lx + f[F + 5] * ly + f[F + 6] * lz, gz = f[F + 8] * lx + f[F + 9] * ly + f[F + 10] * lz;
    const ux = wy * gz - wz * gy, uy = wz * gx - wx * gz, uz = wx * gy - wy * gx; // ω × c
    const fx = mass * (px + by * gz - bz * gy + wy * uz - wz * uy);
    const fy = mass * (py + bz * gx - bx * gz + wz * ux - wx * uz);
    const fz = mass * (pz + bx * gy - by * gx + wx * uy - wy * ux);
    // I·x = R·(I_link·(Rᵀx)) for x = α and ω
    const turned = (x: number, y: number, z: number, r: 0 | 4 | 8): number => {
      const X = f[F] * x + f[F + 4] * y + f[F + 8] * z, Y = f[F + 1] * x + f[F + 5] * y + f[F + 9] * z, Z = f[F + 2] * x + f[F + 6] * y + f[F + 10] * z;
      return f[F + r] * (M[b + 4] * X + M[b + 5] * Y + M[b + 6] * Z) + f[F + r + 1] * (M[b + 5] * X + M[b + 7] * Y + M[b + 8] * Z) + f[F + r + 2] * (M[b + 6] * X + M[b + 8] * Y + M[b + 9] * Z);
    };
    const hx = turned(wx, wy, wz, 0), hy = turned(wx, wy, wz, 4), hz = turned(wx, wy, wz, 8);
    const e = 6 * j;
    w[e] = fx, w[e + 1] = fy, w[e + 2] = fz;
    w[e + 3] = turned(bx, by, bz, 0) + wy * hz - wz * hy + gy * fz - gz * fy;
    w[e + 4] = turned(bx, by, bz, 4) + wz * hx - wx * hz + gz * fx - gx * fz;
    w[e + 5] = turned(bx, by, bz, 8) + wx * hy - wy * hx + gx * fy - gy * fx;
  }

  /** Adds the next link's wrench, carried to this frame, and takes the part along the axis. */
  private inward(j: number): void {
    const { wrench: w } = this, f = this.kinematics.frames, k = this.arm.axes, F = 12 * (j + 1), e = 6 * j, n = e + 6;
    if (j + 1 < this.arm.nq) {
      const rx = f[F + 15] - f[F + 3], ry = f[F + 19] - f[F + 7], rz = f[F + 23] - f[F + 11];
      for (let c = 0; c < 3; c++) w[e + c] += w[n + c];
      w[e + 3] += w[n + 3] + ry * w[n + 2] - rz * w[n + 1];
      w[e + 4] += w[n + 4] + rz * w[n] - rx * w[n + 2];
      w[e + 5] += w[n + 5] + rx * w[n + 1] - ry * w[n];
    }
    const o = this.arm.kinds[j] === "prismatic" ? e : e + 3;
    let t = 0;
    for (let r = 0; r < 3; r++) t += (f[F + 4 * r] * k[3 * j] + f[F + 4 * r + 1] * k[3 * j + 1] + f[F + 4 * r + 2] * k[3 * j + 2]) * w[o + r];
    this.torque[j] = t;
  }
}
