import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { JointTrajectoryController } from "./JointTrajectoryController.js";

/** The controller's set-point: each [nq], rad, rad/s, rad/s². */
type SetPoint = Pick<JointTrajectoryController, "q" | "v" | "a">;

/**
 * The joint servo of the plant: computed torque,
 *
 *     τ = M(q)·(a* + Kp·(q* − q) + Kd·(v* − v)) + h(q, v),   |τ| ≤ τ_max
 *
 * where * marks the set-point of the trajectory controller and h is gravity, Coriolis and centrifugal load (Siciliano
 * et al., Robotics, 8.5.2), with Kp = ω² (1/s²) and Kd = 2ω (1/s) of its bandwidth ω: critically damped. M and h are
 * MuJoCo's own, so in free motion only the clamp and the time step leave an error. The servo does not compensate
 * contacts and loads; their torque τ leaves an error of M⁻¹τ/ω². With ω = 80 rad/s, ω·h = 0.16 is well inside the
 * stable range of the explicit step. A servo with delay gets each set-point some steps after the controller has it, as
 * behind a field bus.
 */
export class ArmServo {
  readonly effort: Float64Array; // [nq] N·m, last applied
  readonly positions: Int32Array; // [nq] addresses in qpos
  readonly dofs: Int32Array; // [nq] addresses in qvel
  private readonly wanted: Float64Array; // [nq] rad/s², the bracket above
  private way: readonly SetPoint[] = []; // to the servo, oldest first
  private readonly entries: Int32Array; // [*,3] row, column, address in the sparse M, arm joints only

  constructor(
    mj: MainModule,
    model: MjModel,
    private readonly controller: JointTrajectoryController,
    private readonly limit: Float64Array, // [nq] N·m
    private readonly bandwidth: number, // ω, rad/s
    private readonly late = 0, // steps
  ) {
    const joints = controller.names.map((name) => mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, name));
    const nq = joints.length;
    this.positions = Int32Array.from(joints, (j) => model.jnt_qposadr[j]);
    this.dofs = Int32Array.from(joints, (j) => model.jnt_dofadr[j]);
    this.effort = new Float64Array(nq);
    this.wanted = new Float64Array(nq);
    const entries: number[] = [];
    this.dofs.forEach((dof, row) => {
      for (let k = 0; k < model.M_rownnz[dof]; k++) {
        const address = model.M_rowadr[dof] + k;
        const column = this.dofs.indexOf(model.M_colind[address]);
        if (column >= 0) entries.push(row, column, address);
      }
    });
    this.entries = Int32Array.from(entries);
  }

  /**
   * Writes the torques of this step into `ctrl`; call between mj_step1 and mj_step2, when M and h belong to the present
   * state.
   */
  drive(data: MjData): void {
    const { effort, wanted, dofs, positions, entries, limit } = this,
      c = this.hear();
    const qpos: Float64Array = data.qpos,
      qvel: Float64Array = data.qvel,
      M: Float64Array = data.M,
      bias: Float64Array = data.qfrc_bias,
      ctrl: Float64Array = data.ctrl;
    const nq = effort.length,
      KP = this.bandwidth ** 2,
      KD = 2 * this.bandwidth;
    for (let j = 0; j < nq; j++) {
      wanted[j] = c.a[j] + KP * (c.q[j] - qpos[positions[j]]) + KD * (c.v[j] - qvel[dofs[j]]);
      effort[j] = bias[dofs[j]];
    }
    // M is stored as its lower triangle.
    for (let e = 0; e < entries.length; e += 3) {
      const r = entries[e],
        k = entries[e + 1],
        m = M[entries[e + 2]];
      effort[r] += m * wanted[k];
      if (r !== k) effort[k] += m * wanted[r];
    }
    for (let j = 0; j < nq; j++) {
      effort[j] = Math.min(Math.max(effort[j], -limit[j]), limit[j]);
      ctrl[j] = effort[j];
    }
  }

  /** The set-points under way, for `restore`. */
  save(): readonly SetPoint[] {
    return this.way;
  }

  restore(way: readonly SetPoint[]): void {
    this.way = way;
  }

  /** The set-point that has arrived by this step, or the oldest one before the first arrives. */
  private hear(): SetPoint {
    const { controller: c, late } = this;
    if (late === 0) return c;
    this.way = [...this.way.slice(-late), { q: c.q.slice(), v: c.v.slice(), a: c.a.slice() }];
    return this.way[0];
  }
}
