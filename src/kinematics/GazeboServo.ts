import type { Arm } from "./Arm.js";
import { InverseDynamics } from "./InverseDynamics.js";

const RATE = 20; // 1/s
const ANY = 100; // N·m, of a joint whose effort nobody bounds

/**
 * The joint servos that Gazebo's arm gets, and the torque that goes with each point of a trajectory:
 *
 *     τ = K·(q* − q) + f* − D·v,     D = effort/velocity,   K = RATE·D,     f* = M(q*)·a* + h(q*, v*) + D·v*
 *
 * D is a motor's line of torque over speed: all that it has brings it to its greatest velocity and no farther. It
 * stands in the joint, where physics engines take it implicitly: the loop is stable whatever inertia a joint has of its
 * own under what it carries. A gain by inertia cannot be: 0.6 % of what a joint of arm7 carries is its own. K only
 * brings back what is off, at RATE: a message that starts when it comes is off by v·1 ms for each ms, which makes 1 to
 * 2 % of v at 20 1/s and 7 % at 100 1/s. What is precise is f*, of the same masses as the arm's.
 */
export class GazeboServo {
  readonly stiffness: Float64Array; // [nq] N·m/rad
  readonly damping: Float64Array; // [nq] N·m·s/rad
  private readonly dynamics: InverseDynamics;

  constructor(arm: Arm) {
    const { velocity, effort } = arm.limits;
    this.damping = effort.map((x, j) => (Number.isFinite(x) ? x : ANY) / velocity[j]);
    this.stiffness = this.damping.map((d) => RATE * d);
    this.dynamics = new InverseDynamics(arm);
  }

  /** f* of a point: q, v, a [nq] in rad, rad/s, rad/s²; N·m. */
  feedForward(q: Float64Array, v: Float64Array, a: Float64Array): Float64Array {
    const torque = this.dynamics.compute(q, v, a, 0);
    return this.damping.map((d, j) => torque[j] + d * v[j]);
  }

  /** Where a servo that is told q and no torque must be sent so that its weight leaves it at q [nq]: q + h(q, 0)/K. */
  raised(q: ArrayLike<number>): number[] {
    const at = Float64Array.from(q),
      rest = new Float64Array(at.length),
      weight = this.feedForward(at, rest, rest);
    return Array.from(at, (x, j) => x + weight[j] / this.stiffness[j]);
  }
}
