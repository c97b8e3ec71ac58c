import type { Arm } from "./Arm.js";
import { InverseDynamics } from "./InverseDynamics.js";

const RATE = 20; // 1/s
const ANY = 100; // N·m, of a joint without an effort limit

/**
 * The joint servos of the arm in Gazebo, and the torque for each point of a trajectory:
 *
 *     τ = K·(q* − q) + f* − D·v,     D = effort/velocity,   K = RATE·D,     f* = M(q*)·a* + h(q*, v*) + D·v*
 *
 * D is a motor's torque–speed line: with full torque it reaches its largest velocity and no more. It is part of the
 * joint, where physics engines integrate it implicitly, so the loop is stable whatever share a joint's own inertia has
 * in its load. A gain scaled by inertia cannot be stable: 0.6 % of the load of a joint of arm7 is its own. K only
 * corrects errors, at RATE: a message that starts when it arrives is off by v·1 ms for each ms, which makes 1 to 2 % of
 * v at 20 1/s and 7 % at 100 1/s. The accurate part is f*, which uses the arm's own masses.
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

  /** The set-point for a servo without torque input, so that it rests at q [nq] under its weight: q + h(q, 0)/K. */
  raised(q: ArrayLike<number>): number[] {
    const at = Float64Array.from(q),
      rest = new Float64Array(at.length),
      weight = this.feedForward(at, rest, rest);
    return Array.from(at, (x, j) => x + weight[j] / this.stiffness[j]);
  }
}
