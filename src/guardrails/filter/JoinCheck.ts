import type { Command } from "../../core/Command.js";
import { perJoint } from "../../core/math/perJoint.js";
import type { Seconds } from "../../core/Seconds.js";
import type { MeasuredMotion } from "./MeasuredMotion.js";

/**
 * The last check before a command leaves: it must begin where the arm was measured to be going. The arm was measured at
 * q_m at time t_m, at a mean velocity v̄ over the W before it, with accelerations of at most A. So at the command's
 * beginning, τ = t_c − t_m later, it is within
 *
 *     |q − (q_m + v̄τ)| ≤ A(Wτ + ½τ²),   |v − v̄| ≤ A(W + τ)
 *
 * A command may begin farther from that by the tracking error E, and faster or slower by what braking makes up for
 * within E, √(2AE), each for its own joint:
 *
 *     |q_c − (q_m + v̄τ)| ≤ E + A(Wτ + ½τ²),   |v_c − v̄| ≤ √(2AE) + A(W + τ)
 *
 * It uses no earlier command and no reason for this one. After `silence` without a measurement nothing is known of the
 * arm, and no command may begin.
 */
export class JoinCheck {
  private readonly error: Float64Array; // [nq] E, rad (m if prismatic)

  /** @param error E of all joints or of each [nq] @param acceleration [nq] A, rad/s² */
  constructor(
    error: number | ArrayLike<number>,
    private readonly acceleration: Float64Array,
    private readonly silence: Seconds,
  ) {
    this.error = perJoint(error, acceleration.length);
  }

  /**
   * Distance of the command's beginning from the arm, as a fraction of the allowed one: it may leave if and only if
   * that is ≤ 1. NaN if a number is NaN, Infinity if nothing is known.
   */
  apart(c: Command, now: Seconds, stamp: Seconds, q: Float64Array, { mean, window: W }: MeasuredMotion): number {
    if (!(now - stamp <= this.silence)) return Infinity;
    const t = c.stamp - stamp,
      age = Math.abs(t);
    let most = 0;
    for (let j = 0; j < q.length; j++) {
      const A = this.acceleration[j],
        E = this.error[j];
      const position = Math.abs(c.q[j] - q[j] - mean[j] * t) / (E + A * age * (W + 0.5 * age));
      const velocity = Math.abs(c.v[j] - mean[j]) / (Math.sqrt(2 * A * E) + A * (W + age));
      const x = Math.max(position, velocity);
      if (!(x <= most)) most = x;
      if (Number.isNaN(x)) return NaN;
    }
    return most;
  }
}
