import { rotationError } from "../../core/geometry/rotationError.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { State } from "../../core/State.js";
import type { Arm } from "../../kinematics/Arm.js";
import { DampedLeastSquares } from "../../kinematics/DampedLeastSquares.js";
import { Kinematics } from "../../kinematics/Kinematics.js";
import type { Predictor } from "../Predictor.js";
import { fillExposure } from "./fillExposure.js";

const PULL = 0.5; // 1/s: rate at which the posture goes home in the null space
const AXES = { x: 0, y: 1, z: 2 } as const;

export interface ToolDisplacementOptions {
  readonly axes: readonly (keyof typeof AXES)[]; // of the base frame, one number of an action each
  readonly step: number; // m in dt where an action is 1
  readonly low?: Vec3; // m: the tool's workspace; from outside every action moves in
  readonly high?: Vec3;
  readonly orientation?: Float64Array; // [12] whose rotation the tool holds; default: its own at the robot's home
  readonly dt: Seconds;
  readonly substeps: number;
  readonly latency: Seconds; // until a new command can brake: part of people's exposure
}

/**
 * The arm's motion as displacements of its tool, which keeps its orientation:
 *
 *     p⁺ = clip(p + s·a, low, high),   a ∈ [−1,1]^nu along `axes`      (from outside no farther in than s)
 *
 * Knots in between lie on the straight line. Joints follow by damped least squares, two steps of Newton's method per
 * knot (after the first knot of a line, the first step continues the motion). The posture of a redundant arm is weakly
 * attracted to home. Joints never leave their limits nor exceed their velocities: the tool then stays behind its
 * target, and the next action starts where it is.
 */
export class ToolDisplacement implements Predictor {
  readonly quasistatic = true;
  readonly nu: number;
  readonly dt: Seconds;
  readonly substeps: number;
  private readonly axes: Int32Array; // [nu]
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly orientation: Float64Array;
  private readonly inverse: DampedLeastSquares;
  private readonly kinematics: Kinematics;
  private readonly error = new Float64Array(6);
  private readonly target = new Float64Array(3);
  private readonly preferred: Float64Array;
  private readonly none: Float64Array;
  private readonly delta: Float64Array;

  constructor(
    private readonly arm: Arm,
    private readonly sweep: { fill(r: Rollouts, K?: number): void },
    private readonly o: ToolDisplacementOptions,
  ) {
    this.nu = o.axes.length;
    this.dt = o.dt;
    this.substeps = o.substeps;
    this.axes = Int32Array.from(o.axes, (a) => AXES[a]);
    this.low = Float64Array.from(o.low ?? [-Infinity, -Infinity, -Infinity]);
    this.high = Float64Array.from(o.high ?? [Infinity, Infinity, Infinity]);
    this.inverse = new DampedLeastSquares(arm);
    this.kinematics = new Kinematics(arm); // stands at home
    this.orientation = (o.orientation ?? this.kinematics.tool).slice();
    this.preferred = new Float64Array(arm.nq);
    this.none = new Float64Array(arm.nq);
    this.delta = new Float64Array(arm.nq);
  }

  predict(from: State, r: Rollouts, K: number): void {
    const { dt, substeps, nu, axes, target, arm, inverse } = this;
    const { nq: n } = arm;
    const h = dt / substeps;
    const { tool } = inverse.kinematics;
    r.from = from;
    for (let k = 0; k < K; k++) {
      const start = k * r.N * n;
      r.q.set(from.q, start);
      for (let step = 0; step < r.H; step++) {
        const first = start + step * substeps * n;
        inverse.linearise(r.q, first);
        const x = tool[3],
          y = tool[7],
          z = tool[11];
        ((target[0] = x), (target[1] = y), (target[2] = z));
        for (let u = 0; u < nu; u++)
          target[axes[u]] = this.reach(axes[u], target[axes[u]], r.a[(k * r.H + step) * nu + u]);
        const dx = (target[0] - x) / substeps,
          dy = (target[1] - y) / substeps,
          dz = (target[2] - z) / substeps;
        for (let m = 1; m <= substeps; m++) {
          const i = first + m * n;
          ((target[0] = x + m * dx), (target[1] = y + m * dy), (target[2] = z + m * dz));
          this.follow(r.q, i, h, m > 1);
          for (let j = 0; j < n; j++) r.v[i + j] = (r.q[i + j] - r.q[i + j - n]) / h;
        }
      }
      for (let j = 0; j < n; j++) r.v[start + j] = r.H > 0 ? r.v[start + n + j] : 0;
    }
    fillExposure(r, K, arm.limits.acceleration, this.o.latency);
    this.sweep.fill(r, K);
  }

  /**
   * Each action moves the tool, from the end of the action before, toward its position at that step of the reference.
   */
  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    const { kinematics, axes, nu, target: p, o } = this;
    const { nq } = this.arm;
    kinematics.forward(from.q, 0);
    for (let c = 0; c < 3; c++) p[c] = kinematics.tool[4 * c + 3];
    for (let h = 0; h < H; h++) {
      kinematics.forward(reference, (h + 1) * nq);
      for (let u = 0; u < nu; u++) {
        const c = axes[u];
        const action = Math.max(-1, Math.min(1, (kinematics.tool[4 * c + 3] - p[c]) / o.step));
        a[ia + h * nu + u] = action;
        p[c] = this.reach(c, p[c], action);
      }
    }
  }

  /**
   * The posture with the tool at a position to which the attraction to home converges: fills q [nq], rad.
   * @returns the tool's distance from the position, m
   */
  posture(q: Float64Array, position: Vec3): number {
    const { inverse, target, arm } = this;
    const next = new Float64Array(2 * arm.nq);
    next.set(arm.home);
    for (let i = 0; i < 200; i++) {
      inverse.linearise(next, 0);
      target.set(position);
      this.follow(next, arm.nq, 0.1, false);
      next.copyWithin(0, arm.nq);
    }
    q.set(next.subarray(0, arm.nq));
    inverse.kinematics.forward(q, 0);
    const { tool } = inverse.kinematics;
    return Math.hypot(position[0] - tool[3], position[1] - tool[7], position[2] - tool[11]);
  }

  /** The target of a coordinate of the tool for an action. */
  private reach(c: number, p: number, action: number): number {
    const { step } = this.o;
    return Math.max(Math.min(p + step, this.low[c]), Math.min(Math.max(p - step, this.high[c]), p + step * action));
  }

  /**
   * Fills q[nq] from i, a knot h later than the one before: toward `target`, within velocities and limits.
   * @param on whether the two knots before lie as far apart on the same line; else the knot before is the one just
   * linearised
   */
  private follow(q: Float64Array, i: number, h: Seconds, on: boolean): void {
    const { inverse, preferred, none, delta, arm } = this;
    const { nq: n, home } = arm;
    const before = i - n;
    if (on) for (let j = 0; j < n; j++) delta[j] = q[before + j] - q[before - n + j];
    else {
      for (let j = 0; j < n; j++) preferred[j] = PULL * h * (home[j] - q[before + j]);
      this.measure();
      inverse.solve(delta, this.error, preferred);
    }
    this.move(q, i, before, h);
    inverse.linearise(q, i);
    this.measure();
    inverse.solve(delta, this.error, none);
    this.move(q, i, i, h);
  }

  /**
   * q[i…] = q[from…] + delta, scaled as a whole so that no joint moves farther from the knot before than its velocity
   * allows in h, and clipped to the limits.
   */
  private move(q: Float64Array, i: number, from: number, h: Seconds): void {
    const { delta } = this;
    const { nq: n } = this.arm;
    const { lo, hi, velocity } = this.arm.limits;
    const before = i - n;
    let scale = 1;
    for (let j = 0; j < n; j++)
      scale = Math.max(scale, Math.abs(q[from + j] + delta[j] - q[before + j]) / (velocity[j] * h));
    for (let j = 0; j < n; j++) {
      const x = q[before + j] + (q[from + j] + delta[j] - q[before + j]) / scale;
      q[i + j] = Math.max(Math.min(lo[j], q[before + j]), Math.min(Math.max(hi[j], q[before + j]), x));
    }
  }

  /** The tool's error to `target` and `orientation` at the last forward kinematics → `error`. */
  private measure(): void {
    const { error, target } = this;
    const { tool } = this.inverse.kinematics;
    rotationError(error, 3, tool, 0, this.orientation, 0);
    ((error[0] = target[0] - tool[3]), (error[1] = target[1] - tool[7]), (error[2] = target[2] - tool[11]));
  }
}
