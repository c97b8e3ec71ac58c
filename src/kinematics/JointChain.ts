import { mulTransform } from "../core/geometry/mulTransform.js";
import type { Arm } from "./Arm.js";
import { jointMotion } from "./urdf/placeLinks.js";
import type { SupportTree } from "./shapes/SupportTree.js";

/** Relative poses of an arm's frames: how two of its links move with the joints between them. */
export class JointChain {
  readonly lo: Float64Array; // [nq]
  readonly hi: Float64Array;
  private readonly step = new Float64Array(12);

  constructor(private readonly arm: Pick<Arm, "nq" | "kinds" | "origins" | "axes" | "limits">) {
    this.lo = arm.limits.lo;
    this.hi = arm.limits.hi;
  }

  /** All links end to end, m, sliding joints drawn out. */
  length(): number {
    let sum = 0;
    for (let j = 0; j < this.lo.length; j++) sum += this.way(j);
    return sum;
  }

  turns(joint: number): boolean {
    return this.arm.kinds[joint] !== "prismatic";
  }

  /** The pose [12] of frame b in frame a < b, where the joints between are at q [b−a]. */
  pose(a: number, b: number, q: Float64Array): Float64Array {
    const { origins, axes, kinds } = this.arm,
      out = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    for (let j = a; j < b; j++) {
      mulTransform(out, 0, out, 0, origins, 12 * j);
      const axis = [axes[3 * j], axes[3 * j + 1], axes[3 * j + 2]] as const;
      this.step.set(jointMotion({ axis, type: kinds[j] }, q[j - a]));
      mulTransform(out, 0, out, 0, this.step, 0);
    }
    return out;
  }

  /**
   * Largest distance of a hull of frame f from the axis of joint j, for all positions of the joints between; 1 for a
   * sliding joint.
   */
  lever(joint: number, frame: number, hull: SupportTree): number {
    const { origins, axes, kinds } = this.arm;
    if (kinds[joint] === "prismatic") return 1;
    const before = frame <= joint; // the hull stands on the side of the base
    const near = before ? frame === joint : frame === joint + 1;
    const [ax, ay, az] = axes.subarray(3 * joint, 3 * joint + 3),
      o = 12 * joint;
    // The axis where it is fixed in the hull's own frame: of the joint after the frame, or of the one before it. Else a
    // sum of the ways between.
    const R = before ? origins.subarray(o, o + 12) : Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    const x = R[0] * ax + R[1] * ay + R[2] * az,
      y = R[4] * ax + R[5] * ay + R[6] * az,
      z = R[8] * ax + R[9] * ay + R[10] * az;
    let far = 0;
    for (let i = 0; i < hull.balls.length; i += 4) {
      const px = hull.balls[i] - (near ? R[3] : 0),
        py = hull.balls[i + 1] - (near ? R[7] : 0),
        pz = hull.balls[i + 2] - (near ? R[11] : 0);
      const along = near ? px * x + py * y + pz * z : 0;
      far = Math.max(far, Math.sqrt(Math.max(0, px * px + py * py + pz * pz - along * along)) + hull.balls[i + 3]);
    }
    if (near) return far;
    for (let j = before ? frame : joint + 1; before ? j <= joint : j < frame; j++) far += this.way(j);
    return far;
  }

  /** Largest distance from the frame before a joint to the one after it, m. */
  private way(j: number): number {
    const { origins, kinds } = this.arm;
    return (
      Math.hypot(origins[12 * j + 3], origins[12 * j + 7], origins[12 * j + 11]) +
      (kinds[j] === "prismatic" ? Math.max(Math.abs(this.lo[j]), Math.abs(this.hi[j])) : 0)
    );
  }
}
