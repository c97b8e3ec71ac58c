import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";

/**
 * The arm's features for a learned model: φ(q) = [tool x, y, z (m, base frame), sin q, cos q], F = 3 + 2·nq numbers.
 */
export class Posture {
  private readonly kinematics: Kinematics;

  constructor(arm: Arm) {
    this.kinematics = new Kinematics(arm);
  }

  /** @param q [nq] rad */
  of(q: Float64Array): Float32Array {
    const out = new Float32Array(3 + 2 * q.length);
    this.kinematics.forward(q, 0);
    Posture.write(out, 0, this.kinematics.tool, 0, q, 0, q.length);
    return out;
  }

  /** φ of the tool's transform [12] at `it` and the joints at `iq`, to `io`. */
  static write(
    out: Float32Array,
    io: number,
    tool: Float64Array,
    it: number,
    q: Float64Array,
    iq: number,
    nq: number,
  ): void {
    out[io] = tool[it + 3];
    out[io + 1] = tool[it + 7];
    out[io + 2] = tool[it + 11];
    for (let j = 0; j < nq; j++) {
      out[io + 3 + j] = Math.sin(q[iq + j]);
      out[io + 3 + nq + j] = Math.cos(q[iq + j]);
    }
  }
}
