import { mulTransform } from "../core/geometry/mulTransform.js";
import type { Arm } from "./Arm.js";
import { JOINT, jointTerms } from "./urdf/jointTerms.js";

/**
 * Forward kinematics and geometric Jacobian of one arm, in buffers allocated once. Not to be shared by concurrent
 * users.
 *
 * A joint's motion is affine in (cos q, sin q, q): with F = [R|p] its fixed pose and k its unit axis, Rodrigues'
 * formula gives
 *   R(q) = R·kkᵀ + cos q · R(I − kkᵀ) + sin q · R[k]×,  p(q) = p                (revolute, continuous)
 *   R(q) = R,                                            p(q) = p + q · R·k      (prismatic)
 * so every joint, whatever its axis, is the same few multiplications without a branch.
 */
export class Kinematics {
  readonly frames: Float64Array; // [nq+1,12] base frame; frame 0 is the identity
  readonly tool: Float64Array; // [12]
  private readonly nq: number;
  private readonly nc: number;
  private readonly terms: Float64Array; // [nq,33]: constant, cos and sin parts of R (9 each), p, dp/dq
  private readonly axes: Float64Array; // [nq,3]
  private readonly prismatic: Uint8Array; // [nq]
  private readonly toolOffset: Float64Array; // [12]
  private readonly ends: Float64Array; // [nc,6] capsule end points, link frames
  private readonly links: Int32Array; // [nc]

  constructor(arm: Arm) {
    const { nq, capsules } = arm;
    this.nq = nq;
    this.nc = capsules.length;
    this.frames = new Float64Array((nq + 1) * 12);
    this.frames[0] = this.frames[5] = this.frames[10] = 1;
    this.tool = new Float64Array(12);
    this.toolOffset = arm.toolOffset;
    this.axes = arm.axes;
    this.prismatic = Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 1 : 0));
    this.ends = Float64Array.from(capsules.flatMap((c) => [...c.p0, ...c.p1]));
    this.links = Int32Array.from(capsules, (c) => c.link);
    this.terms = jointTerms(arm);
    this.forward(arm.home, 0);
  }

  /** Fills `frames` and `tool` for the joint positions q[nq] from offset iq. */
  forward(q: Float64Array, iq: number): void {
    const { terms: t, frames: f, nq } = this;
    for (let j = 0, k = 0, a = 0; j < nq; j++, k += JOINT, a += 12) {
      const x = q[iq + j],
        c = Math.cos(x),
        s = Math.sin(x);
      const r00 = t[k] + c * t[k + 9] + s * t[k + 18],
        r01 = t[k + 1] + c * t[k + 10] + s * t[k + 19],
        r02 = t[k + 2] + c * t[k + 11] + s * t[k + 20];
      const r10 = t[k + 3] + c * t[k + 12] + s * t[k + 21],
        r11 = t[k + 4] + c * t[k + 13] + s * t[k + 22],
        r12 = t[k + 5] + c * t[k + 14] + s * t[k + 23];
      const r20 = t[k + 6] + c * t[k + 15] + s * t[k + 24],
        r21 = t[k + 7] + c * t[k + 16] + s * t[k + 25],
        r22 = t[k + 8] + c * t[k + 17] + s * t[k + 26];
      const px = t[k + 27] + x * t[k + 30],
        py = t[k + 28] + x * t[k + 31],
        pz = t[k + 29] + x * t[k + 32];
      for (let i = a; i < a + 12; i += 4) {
        const f0 = f[i],
          f1 = f[i + 1],
          f2 = f[i + 2];
        f[i + 12] = f0 * r00 + f1 * r10 + f2 * r20;
        f[i + 13] = f0 * r01 + f1 * r11 + f2 * r21;
        f[i + 14] = f0 * r02 + f1 * r12 + f2 * r22;
        f[i + 15] = f0 * px + f1 * py + f2 * pz + f[i + 3];
      }
    }
    mulTransform(this.tool, 0, f, nq * 12, this.toolOffset, 0);
  }

  /** Writes the capsules' end points [nc,6] in the base frame from offset io, for the last `forward`. */
  writeCapsules(out: Float64Array, io: number): Float64Array {
    const { frames: f, ends: e, links, nc } = this;
    for (let c = 0, i = 0, o = io; c < nc; c++, i += 6, o += 6) {
      const a = links[c] * 12;
      const x0 = e[i],
        y0 = e[i + 1],
        z0 = e[i + 2],
        x1 = e[i + 3],
        y1 = e[i + 4],
        z1 = e[i + 5];
      out[o] = f[a] * x0 + f[a + 1] * y0 + f[a + 2] * z0 + f[a + 3];
      out[o + 1] = f[a + 4] * x0 + f[a + 5] * y0 + f[a + 6] * z0 + f[a + 7];
      out[o + 2] = f[a + 8] * x0 + f[a + 9] * y0 + f[a + 10] * z0 + f[a + 11];
      out[o + 3] = f[a] * x1 + f[a + 1] * y1 + f[a + 2] * z1 + f[a + 3];
      out[o + 4] = f[a + 4] * x1 + f[a + 5] * y1 + f[a + 6] * z1 + f[a + 7];
      out[o + 5] = f[a + 8] * x1 + f[a + 9] * y1 + f[a + 10] * z1 + f[a + 11];
    }
    return out;
  }

  /**
   * Geometric Jacobian at the tool for the last `forward`, out[6,nq]: (ṗ, ω) = J·q̇ in the base frame, rows ṗ then ω.
   * Column j is (z × (p_tool − p_j), z) of a revolute joint with axis z through p_j, (z, 0) of a prismatic one.
   */
  jacobian(out: Float64Array): Float64Array {
    const { frames: f, axes: k, tool, prismatic, nq } = this;
    for (let j = 0, a = 12; j < nq; j++, a += 12) {
      const kx = k[3 * j],
        ky = k[3 * j + 1],
        kz = k[3 * j + 2];
      const zx = f[a] * kx + f[a + 1] * ky + f[a + 2] * kz;
      const zy = f[a + 4] * kx + f[a + 5] * ky + f[a + 6] * kz;
      const zz = f[a + 8] * kx + f[a + 9] * ky + f[a + 10] * kz;
      if (prismatic[j] === 1) {
        ((out[j] = zx), (out[nq + j] = zy), (out[2 * nq + j] = zz));
        out[3 * nq + j] = out[4 * nq + j] = out[5 * nq + j] = 0;
        continue;
      }
      const dx = tool[3] - f[a + 3],
        dy = tool[7] - f[a + 7],
        dz = tool[11] - f[a + 11];
      ((out[j] = zy * dz - zz * dy), (out[nq + j] = zz * dx - zx * dz), (out[2 * nq + j] = zx * dy - zy * dx));
      ((out[3 * nq + j] = zx), (out[4 * nq + j] = zy), (out[5 * nq + j] = zz));
    }
    return out;
  }
}
