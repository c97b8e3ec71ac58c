import type { Rollouts } from "../../core/Rollouts.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import { armAtHeld } from "../../kinematics/armAtHeld.js";
import { ToolMotion } from "../../kinematics/ToolMotion.js";
import type { Guardrail } from "../Guardrail.js";
import type { z } from "zod";
import { boundSchemas } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { noWiderAngle } from "./noWiderAngle.js";
import { unitVector } from "./unitVector.js";

/**
 * A cup keeps its liquid: the angle between an axis of the tool and the apparent vertical of the liquid, a − g, stays
 * within `max`:
 *
 *     margin = max − max over t of ∠(R_tool·axis, p̈ − g) − nε   [rad]
 *
 * n is the number of turning joints, each off by at most ε (`error`). Accelerations jump at knots, so both sides of
 * each are evaluated, and standing after the last one, because every command ends at rest. Within an interval the axis
 * turns by at most PΔt/2 from the nearer end, and p̈ changes by at most JΔt/2, J ≤ D(Σ|j_j| + 6AP + 4P³) (+ |j_j| +
 * 3P|a_j| + 3(A + 3/2 P²)|v_j| for each sliding joint), by the same sums as in `Sweep`: ‖ω̇‖ ≤ A + P²/2, ‖ω̈‖ ≤ Σ|j_j|
 * + 3AP + 3/2 P³, j_j the joints' own jerks, ‖p⃛‖ ≤ D(‖ω̈‖ + 3‖ω‖‖ω̇‖ + ‖ω‖³), D the arm's length. The apparent
 * vertical turns by asin(JΔt/2 / ‖p̈ − g‖) then. For paths whose velocities are means (`Rollouts.quasistatic`) only
 * gravity counts.
 */
export class Spill implements Guardrail {
  readonly name = "spill";
  readonly unit = "rad";
  readonly escapable = true;
  private readonly motion: ToolMotion;
  private readonly turns: Uint8Array; // [nq]
  private readonly a: Float64Array; // [nq] scratch
  private readonly still: Float64Array; // [nq] zeros
  private readonly reach: number; // D, m

  constructor(
    arm: Arm,
    private readonly max: number,
    private readonly axis: Vec3 = [0, 0, 1],
  ) {
    this.motion = new ToolMotion(arm);
    this.turns = Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 0 : 1));
    this.a = new Float64Array(arm.nq);
    this.still = new Float64Array(arm.nq);
    let reach = Math.hypot(arm.toolOffset[3], arm.toolOffset[7], arm.toolOffset[11]);
    for (let j = 1; j < arm.nq; j++) {
      const slide = this.turns[j] === 1 ? 0 : Math.max(Math.abs(arm.limits.lo[j]), Math.abs(arm.limits.hi[j]));
      reach += Math.hypot(arm.origins[12 * j + 3], arm.origins[12 * j + 7], arm.origins[12 * j + 11]) + slide;
    }
    this.reach = reach;
  }

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nq } = r;
    const off = this.turns.reduce((sum, t, j) => sum + t * r.error[j], 0);
    for (let k = 0; k < K; k++) {
      let worst = 0;
      for (let n = 0; n < N; n++) {
        const i = (k * N + n) * nq;
        if (r.quasistatic || n + 1 === N) worst = Math.max(worst, this.angle(r.q, i, this.still, 0, this.still, 0, 0));
        if (!r.quasistatic && n > 0) worst = Math.max(worst, this.over(r, i - nq));
      }
      out[k] = this.max - worst - off;
    }
  }

  /** The largest angle over the interval whose knots begin at i and i + nq. */
  private over(r: Rollouts, i: number): number {
    const { turns, a, reach } = this;
    const { nq, v, drive } = r;
    const h = r.dt / r.substeps;
    let P = 0,
      A = 0,
      J = 0,
      slide = 0;
    for (let j = 0; j < nq; j++) {
      P += turns[j] * r.speed(i + j, i + nq + j);
      A += turns[j] * r.acceleration(i + j, i + nq + j);
      if (drive !== undefined) J += (turns[j] * Math.abs(drive.end[i + j] - drive.begin[i + j])) / h;
    }
    for (let j = 0; j < nq; j++) {
      if (turns[j] === 1) continue;
      slide += 3 * P * r.acceleration(i + j, i + nq + j) + 3 * (A + 1.5 * P * P) * r.speed(i + j, i + nq + j);
      if (drive !== undefined) slide += Math.abs(drive.end[i + j] - drive.begin[i + j]) / h;
    }
    const change = 0.5 * h * (reach * (J + 6 * A * P + 4 * P * P * P) + slide);
    const turn = 0.5 * h * P;
    for (let j = 0; j < nq; j++) a[j] = drive === undefined ? (v[i + nq + j] - v[i + j]) / h : drive.begin[i + j];
    const begin = this.angle(r.q, i, v, i, a, turn, change);
    if (drive !== undefined) for (let j = 0; j < nq; j++) a[j] = drive.end[i + j];
    return Math.max(begin, this.angle(r.q, i + nq, v, i + nq, a, turn, change));
  }

  /** The angle at one knot, and its bound while the axis turns by `turn` and p̈ changes by `change`. */
  private angle(
    q: Float64Array,
    iq: number,
    v: Float64Array,
    iv: number,
    a: Float64Array,
    turn: number,
    change: number,
  ): number {
    const { motion, axis } = this;
    motion.compute(q, iq, v, iv, a);
    const { felt: g, tool: t } = motion;
    const size = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    const x = t[0] * axis[0] + t[1] * axis[1] + t[2] * axis[2],
      y = t[4] * axis[0] + t[5] * axis[1] + t[6] * axis[2],
      z = t[8] * axis[0] + t[9] * axis[1] + t[10] * axis[2];
    const cosine = Math.max(-1, Math.min(1, (x * g[0] + y * g[1] + z * g[2]) / size));
    return Math.acos(cosine) + turn + (change < size ? Math.asin(change / size) : Math.PI);
  }
}

/**
 * A cup that is carried: by the tool's axis, or, while a thing is in the hand, by the thing's own z axis and at its
 * origin.
 */
export const spill: GuardrailKind<z.output<typeof boundSchemas.spill>> = {
  schema: boundSchemas.spill,
  own: (robot) => robot.guardrails.spill,
  tighten: ({ max }, declared) => noWiderAngle(max, declared.robot.guardrails.spill?.max, declared),
  make({ max, axis, of }, { arm }) {
    if (of !== undefined && arm.held?.id !== of) return undefined;
    return arm.held === undefined ? new Spill(arm, max, unitVector(axis)) : new Spill(armAtHeld(arm), max);
  },
};
