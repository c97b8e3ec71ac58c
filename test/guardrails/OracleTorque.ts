import type { Arm } from "../../src/kinematics/Arm.js";
import { OracleGeometry } from "./OracleGeometry.js";

type V = [number, number, number];
const E = 1e-5; // s
const cross = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const plus = (a: V, b: V, s = 1): V => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];

/**
 * The checker's own torques, by virtual power: τ_j = Σ_i m_i (c̈_i + g ẑ)·∂c_i/∂q_j + (I_i ω̇_i + ω_i × I_i ω_i)·z_j,
 * where velocities are those of the frames that products of 4×4 matrices give, and accelerations their differences
 * along the motion.
 */
export class OracleTorque {
  private readonly geometry: OracleGeometry;

  constructor(private readonly arm: Arm) {
    this.geometry = new OracleGeometry(arm);
  }

  /** [nq] of the arm that carries m kg at `com` of the tool's frame. */
  torques(q: Float64Array, v: Float64Array, a: Float64Array, m = 0, com: readonly number[] = [0, 0, 0]): number[] {
    const { arm, geometry } = this,
      { nq } = arm;
    const along = (t: number): { readonly w: V; readonly c: V }[] =>
      this.velocities(
        q.map((x, j) => x + v[j] * t + 0.5 * a[j] * t * t),
        v.map((x, j) => x + a[j] * t),
        com,
      );
    const before = along(-E),
      after = along(E),
      now = along(0); // the last leaves the frames where q puts them
    const masses = [...arm.inertias.map((i) => i.mass), m];
    return Array.from({ length: nq }, (_, j) => {
      const z = this.axis(j),
        p = column(geometry.frames[j + 1], 3);
      let sum = 0;
      for (let i = j; i <= nq; i++) {
        const force = plus(plus(after[i].c, before[i].c, -1).map((x) => x / (2 * E)) as V, [0, 0, 9.81]).map(
          (x) => masses[i] * x,
        ) as V;
        if (arm.kinds[j] === "prismatic") {
          sum += dot(force, z);
          continue;
        }
        sum += dot(force, cross(z, plus(this.middle(i, com), p, -1)));
        if (i < nq) {
          const alpha = plus(after[i].w, before[i].w, -1).map((x) => x / (2 * E)) as V,
            { w } = now[i];
          sum += dot(plus(this.inertia(i, alpha), cross(w, this.inertia(i, w))), z);
        }
      }
      return sum;
    });
  }

  /** Of each link, and last of the load: how it turns, rad/s, and how its middle moves, m/s. */
  private velocities(q: Float64Array, v: Float64Array, com: readonly number[]): { readonly w: V; readonly c: V }[] {
    const { arm, geometry } = this;
    geometry.place(q);
    return Array.from({ length: arm.nq + 1 }, (_, i) => {
      let w: V = [0, 0, 0],
        c: V = [0, 0, 0];
      for (let j = 0; j <= Math.min(i, arm.nq - 1); j++) {
        const z = this.axis(j);
        if (arm.kinds[j] === "prismatic") c = plus(c, z, v[j]);
        else
          ((w = plus(w, z, v[j])),
            (c = plus(c, cross(z, plus(this.middle(i, com), column(geometry.frames[j + 1], 3), -1)), v[j])));
      }
      return { w, c };
    });
  }

  private axis(j: number): V {
    const { axes } = this.arm,
      f = this.geometry.frames[j + 1];
    return [0, 4, 8].map((r) => f[r] * axes[3 * j] + f[r + 1] * axes[3 * j + 1] + f[r + 2] * axes[3 * j + 2]) as V;
  }

  /** Where the middle of link i's mass is, or the load. */
  private middle(i: number, com: readonly number[]): V {
    const last = i === this.arm.nq,
      f = last ? this.geometry.tool : this.geometry.frames[i + 1],
      c = last ? com : this.arm.inertias[i].com;
    return [0, 4, 8].map((r) => f[r] * c[0] + f[r + 1] * c[1] + f[r + 2] * c[2] + f[r + 3]) as V;
  }

  /** R I Rᵀ x */
  private inertia(i: number, x: V): V {
    const f = this.geometry.frames[i + 1],
      [xx, xy, xz, yy, yz, zz] = this.arm.inertias[i].inertia,
      l = [0, 1, 2].map((c) => dot(column(f, c), x)) as V;
    const h: V = [
      xx * l[0] + xy * l[1] + xz * l[2],
      xy * l[0] + yy * l[1] + yz * l[2],
      xz * l[0] + yz * l[1] + zz * l[2],
    ];
    return [0, 4, 8].map((r) => f[r] * h[0] + f[r + 1] * h[1] + f[r + 2] * h[2]) as V;
  }
}

const column = (f: Float64Array, c: number): V => [f[c], f[4 + c], f[8 + c]];
