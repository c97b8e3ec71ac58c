import type { Vec3 } from "../core/geometry/Shape.js";
import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";

/**
 * Pose and acceleration of an arm's tool, by the outward half of Newton–Euler (see `InverseDynamics` for the
 * equations), less gravity: `felt` = p̈ − g is what an accelerometer on the tool would measure. Buffers are allocated
 * once.
 */
export class ToolMotion {
  readonly felt = new Float64Array(3); // m/s², base frame
  readonly tool: Float64Array; // [12]
  private readonly kinematics: Kinematics;
  private readonly slides: Uint8Array; // [nq]

  constructor(
    private readonly arm: Arm,
    private readonly gravity: Vec3 = [0, 0, -9.81], // m/s², base frame
  ) {
    this.kinematics = new Kinematics(arm);
    this.tool = this.kinematics.tool;
    this.slides = Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 1 : 0));
  }

  /** Fills `felt` and `tool` for positions q[nq] from offset iq, velocities v[nq] from iv and accelerations a[nq]. */
  compute(q: Float64Array, iq: number, v: Float64Array, iv: number, a: Float64Array): void {
    const { felt, tool, slides, arm } = this;
    const { frames: f } = this.kinematics;
    this.kinematics.forward(q, iq);
    let wx = 0,
      wy = 0,
      wz = 0,
      bx = 0,
      by = 0,
      bz = 0; // ω, ω̇
    let px = -this.gravity[0],
      py = -this.gravity[1],
      pz = -this.gravity[2];
    for (let j = 0, F = 12; j <= arm.nq; j++, F += 12) {
      const o = F - 12,
        end = j === arm.nq; // the last vector is that from the last frame to the tool
      const rx = (end ? tool[3] : f[F + 3]) - f[o + 3],
        ry = (end ? tool[7] : f[F + 7]) - f[o + 7],
        rz = (end ? tool[11] : f[F + 11]) - f[o + 11];
      const sx = wy * rz - wz * ry,
        sy = wz * rx - wx * rz,
        sz = wx * ry - wy * rx;
      px += by * rz - bz * ry + wy * sz - wz * sy;
      py += bz * rx - bx * rz + wz * sx - wx * sz;
      pz += bx * ry - by * rx + wx * sy - wy * sx;
      if (end) break;
      const k = 3 * j,
        x = arm.axes[k],
        y = arm.axes[k + 1],
        z = arm.axes[k + 2];
      const zx = f[F] * x + f[F + 1] * y + f[F + 2] * z,
        zy = f[F + 4] * x + f[F + 5] * y + f[F + 6] * z,
        zz = f[F + 8] * x + f[F + 9] * y + f[F + 10] * z;
      const s = v[iv + j],
        u = a[j];
      const cx = wy * zz - wz * zy,
        cy = wz * zx - wx * zz,
        cz = wx * zy - wy * zx; // ω × z
      if (slides[j] === 1) {
        ((px += zx * u + 2 * cx * s), (py += zy * u + 2 * cy * s), (pz += zz * u + 2 * cz * s));
        continue;
      }
      ((bx += zx * u + cx * s), (by += zy * u + cy * s), (bz += zz * u + cz * s));
      ((wx += zx * s), (wy += zy * s), (wz += zz * s));
    }
    ((felt[0] = px), (felt[1] = py), (felt[2] = pz));
  }
}
