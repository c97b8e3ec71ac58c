import type { Rollouts } from "../../core/Rollouts.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import { InverseDynamics } from "../../kinematics/InverseDynamics.js";
import type { Guardrail } from "../Guardrail.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

const G = 9.81; // m/s²
const SAME = 1e-11; // rad/s²: accelerations that differ by rounding alone

/**
 * Load of the arm: a point mass of 0 to `mass` kg at `com` of the tool frame, m; and the share ρ of a joint's torque
 * that is kept in reserve, with and without it.
 */
export interface Load {
  readonly mass: number;
  readonly com: Vec3;
  readonly reserve: number;
}

/** The arm alone; default reserve of a payload. */
export const unloaded: Load = { mass: 0, com: [0, 0, 0], reserve: 0.05 };

/**
 * No joint needs more torque than it has, for every load within the declared ones:
 *
 *     margin = min over knots, joints, loads l, m ∈ [0, m_l] of  (1 − ρ_l) τ_max,j − |M(q)·a + h(q, v)|_j   [N·m; N of
 *     a sliding joint]
 *
 * Torque is affine in m, so its size is greatest at 0 or at m_l: both are evaluated. Accelerations jump at knots, so
 * both sides of each knot are; after the last knot the arm stands, because every command ends at rest. Torque between
 * knots is within the reserve (tested densely at 10 ms). Friction and rotors are not modelled. For paths whose
 * velocities are means (`Rollouts.quasistatic`) only the weight counts. For paths with knots between their actions
 * (`Rollouts.substeps`), which are planned and not executed, the ends of actions count. Joints of infinite effort are
 * not bounded.
 *
 * If a coarse value is enough (`enough`) and the weight can nowhere be too much, a quasistatic path gets the margin of
 * the fully stretched arm instead:  (1 − ρ) τ_max,j − g Σ_{i ≥ j} m_i ℓ_{ij}, ℓ_{ij} the sum of the lengths between
 * joint j and the middle of mass i.
 */
export class TorqueLimit implements Guardrail {
  readonly name = "torque";
  readonly unit: "Nm" | "N" | "Nm or N"; // of joints that slide N
  readonly escapable = false;
  readonly standsAnywhere: boolean;
  private readonly dynamics: InverseDynamics;
  private readonly bound: Float64Array; // [loads,nq]
  private readonly mass: Float64Array; // [loads] kg
  private readonly at: Float64Array; // [loads,3] m, last frame
  private readonly anywhere: number; // lower bound of the margin at rest, in any posture
  private readonly least: Float64Array; // [1] scratch: a number kept in a field would be boxed
  private readonly a: Float64Array; // [nq] scratch
  private readonly still: Float64Array; // [nq] zeros

  /** @param loads at least one, each by itself; one of 0 kg is the arm alone */
  constructor(arm: Arm, loads: readonly Load[]) {
    const T = arm.toolOffset;
    this.dynamics = new InverseDynamics(arm);
    const slide = slidesOf(arm).filter(Boolean).length;
    if (slide === 0) this.unit = "Nm";
    else this.unit = slide === arm.nq ? "N" : "Nm or N";
    this.bound = Float64Array.from(
      loads.flatMap(({ reserve }) => Array.from(arm.limits.effort, (t) => (1 - reserve) * t)),
    );
    this.mass = Float64Array.from(loads, (l) => l.mass);
    this.at = Float64Array.from(
      loads.flatMap(({ com }) =>
        [0, 4, 8].map((r) => T[r] * com[0] + T[r + 1] * com[1] + T[r + 2] * com[2] + T[r + 3]),
      ),
    );
    this.anywhere = Math.min(
      ...weights(
        arm,
        loads.map(({ mass }, l) => [mass, Math.hypot(...this.at.subarray(3 * l, 3 * l + 3))]),
      ).map((weight, i) => this.bound[i] - weight),
    );
    this.standsAnywhere = this.anywhere >= 0;
    this.least = new Float64Array(1);
    this.a = new Float64Array(arm.nq);
    this.still = new Float64Array(arm.nq);
  }

  margin(r: Rollouts, out: Float64Array, K: number, enough = Infinity): void {
    const { N, nq, v, drive } = r;
    const { a, least, still, dynamics } = this;
    const h = r.dt / r.substeps,
      step = r.quasistatic ? 1 : r.substeps;
    const light = r.quasistatic && enough < Infinity && this.standsAnywhere;
    for (let k = 0; k < K; k++) {
      least[0] = Infinity;
      if (light) {
        out[k] = this.anywhere;
        for (let i = k * N * nq, end = i + N * nq; i < end; i++) out[k] += 0 * r.q[i]; // NaN stays NaN
        continue;
      }
      for (let n = 0; n < N; n += step) {
        const i = (k * N + n) * nq;
        dynamics.place(r.q, i);
        if (r.quasistatic || n + 1 === N) this.look(still, 0, still);
        if (r.quasistatic) continue;
        let turns = n === 0; // the acceleration differs behind the knot
        if (n > 0) {
          for (let j = 0; j < nq; j++)
            a[j] = drive === undefined ? (v[i + j] - v[i - nq + j]) / h : drive.end[i - nq + j];
          this.look(v, i, a);
        }
        if (n + 1 === N) continue;
        for (let j = 0; j < nq; j++) {
          const next = drive === undefined ? (v[i + nq + j] - v[i + j]) / h : drive.begin[i + j];
          turns ||= !(Math.abs(next - a[j]) <= SAME);
          a[j] = next;
        }
        if (turns) this.look(v, i, a);
      }
      out[k] = least[0];
    }
  }

  /** Lowers `least` to the remaining torque of the weakest joint, at the positions placed last. */
  private look(v: Float64Array, i: number, a: Float64Array): void {
    const { bound, mass, at, least, dynamics } = this;
    const torque = dynamics.solve(v, i, a, 0),
      n = torque.length;
    let worst = least[0];
    for (let l = 0; l < mass.length; l++) {
      const m = mass[l],
        b = l * n;
      if (m > 0) {
        const more = dynamics.carry(at[3 * l], at[3 * l + 1], at[3 * l + 2]);
        for (let j = 0; j < n; j++) worst = Math.min(worst, bound[b + j] - Math.abs(torque[j] + m * more[j]));
      }
      for (let j = 0; j < n; j++) worst = Math.min(worst, bound[b + j] - Math.abs(torque[j]));
    }
    least[0] = worst;
  }
}

/**
 * [loads,nq] the largest torque of each joint against the weight of arm and load, N·m: all stretched out, and level.
 */
function weights(
  { nq, inertias, origins, kinds, limits }: Arm,
  loads: readonly (readonly [mass: number, at: number])[],
): number[] {
  return loads.flatMap(([mass, at]) =>
    Array.from({ length: nq }, (_, j) => {
      let sum = 0,
        way = 0; // way: from the axis of joint j to the frame of joint i
      for (let i = j; i < nq; i++) {
        if (i > j)
          way +=
            Math.hypot(origins[12 * i + 3], origins[12 * i + 7], origins[12 * i + 11]) +
            (kinds[i] === "prismatic" ? Math.max(Math.abs(limits.lo[i]), Math.abs(limits.hi[i])) : 0);
        const arm = (x: number): number => (kinds[j] === "prismatic" ? 1 : way + x);
        sum += inertias[i].mass * arm(Math.hypot(...inertias[i].com)) + (i + 1 === nq ? mass * arm(at) : 0);
      }
      return G * sum;
    }),
  );
}
