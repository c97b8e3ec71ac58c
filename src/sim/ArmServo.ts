import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { JointTrajectoryController } from "./JointTrajectoryController.js";

const OMEGA = 80; // rad/s: bandwidth of the joint servo; ω·h = 0.16 is well inside the stable range of the explicit step
const KP = OMEGA * OMEGA; // 1/s²
const KD = 2 * OMEGA; // 1/s, critically damped

/**
 * The joint servo of the plant: computed torque,
 *
 *     τ = M(q)·(a* + Kp·(q* − q) + Kd·(v* − v)) + h(q, v),   |τ| ≤ τ_max
 *
 * where * marks what the trajectory controller wants and h is gravity, Coriolis and centrifugal load (Siciliano et al., Robotics, 8.5.2).
 * M and h are MuJoCo's own, so in free motion only the clamp and the time step leave an error; contact and payload are not known to it.
 */
export class ArmServo {
  readonly effort: Float64Array; // [nq] N·m, last applied
  readonly positions: Int32Array; // [nq] addresses in qpos
  readonly dofs: Int32Array; // [nq] addresses in qvel
  private readonly wanted: Float64Array; // [nq] rad/s², the bracket above
  private readonly entries: Int32Array; // [*,3] row, column, address in the sparse M, arm joints only

  constructor(
    mj: MainModule,
    model: MjModel,
    private readonly controller: JointTrajectoryController,
    private readonly limit: Float64Array, // [nq] N·m
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

  /** Writes the torques of this step into `ctrl`; call between mj_step1 and mj_step2, when M and h belong to the present state. */
  drive(data: MjData): void {
    const { effort, wanted, dofs, positions, entries, limit, controller: c } = this;
    const qpos: Float64Array = data.qpos, qvel: Float64Array = data.qvel, M: Float64Array = data.M, bias: Float64Array = data.qfrc_bias, ctrl: Float64Array = data.ctrl;
    const nq = effort.length;
    for (let j = 0; j < nq; j++) {
      wanted[j] = c.a[j] + KP * (c.q[j] - qpos[positions[j]]) + KD * (c.v[j] - qvel[dofs[j]]);
      effort[j] = bias[dofs[j]];
    }
    // M is stored as its lower triangle.
    for (let e = 0; e < entries.length; e += 3) {
      const r = entries[e], k = entries[e + 1], m = M[entries[e + 2]];
      effort[r] += m * wanted[k];
      if (r !== k) effort[k] += m * wanted[r];
    }
    for (let j = 0; j < nq; j++) {
      effort[j] = Math.min(Math.max(effort[j], -limit[j]), limit[j]);
      ctrl[j] = effort[j];
    }
  }
}
