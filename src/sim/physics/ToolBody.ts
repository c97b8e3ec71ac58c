import type { MjData, MjModel } from "@mujoco/mujoco";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Pose } from "./Disturbances.js";

/** The tool frame at the arm's last link, and its load. */
export class ToolBody {
  constructor(
    private readonly model: MjModel,
    private readonly data: MjData,
    private readonly body: number, // of the last link
    private readonly offset: Float64Array, // [12] from the link to the tool
    private readonly load: number, // kg
  ) {}

  pose(): Pose {
    const { data, body: b, offset: T } = this;
    const R: Float64Array = data.xmat;
    const pose = new Float64Array(12);
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) for (let k = 0; k < 3; k++) pose[4 * r + c] += R[9 * b + 3 * r + k] * T[4 * k + c];
    const o = quatFromTransform(new Float64Array(4), 0, pose, 0);
    return { position: this.point(), orientation: [o[0], o[1], o[2], o[3]] };
  }

  /** Applies the load's weight as a force and a moment at the link's centre of mass. */
  hang(): void {
    const { load, model, body: b } = this;
    if (load === 0) return;
    const { xipos, xfrc_applied } = this.data;
    const p = this.point(),
      f = model.opt.gravity[2] * load;
    xfrc_applied[6 * b + 2] = f;
    xfrc_applied[6 * b + 3] = (p[1] - xipos[3 * b + 1]) * f;
    xfrc_applied[6 * b + 4] = -(p[0] - xipos[3 * b]) * f;
  }

  private point(): Vec3 {
    const {
      data: { xpos, xmat: R },
      body: b,
      offset: T,
    } = this;
    const at = (row: number): number =>
      xpos[3 * b + row] + R[9 * b + 3 * row] * T[3] + R[9 * b + 3 * row + 1] * T[7] + R[9 * b + 3 * row + 2] * T[11];
    return [at(0), at(1), at(2)];
  }
}
