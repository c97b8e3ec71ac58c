import type { Belief } from "../../src/core/Belief.js";
import type { JointLimits } from "../../src/core/JointLimits.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import type { State } from "../../src/core/State.js";
import type { KnotView } from "../../src/cost/index.js";

type Mat = number[]; // 3×4 rows

/**
 * A random serial arm of its own, so that the terms are tested against other code than the agent's kinematics: joint i
 * turns about z of a fixed frame F_i.
 */
export class OracleArm {
  private readonly frames: Mat[];

  constructor(
    readonly nq: number,
    seed: number,
  ) {
    const rng = new Rng(seed);
    this.frames = Array.from({ length: nq + 1 }, () => {
      const q = [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
      const n = Math.hypot(...q);
      return matrix(
        q.map((x) => x / n),
        [rng.range(-0.3, 0.3), rng.range(-0.3, 0.3), rng.range(-0.3, 0.3)],
      );
    });
  }

  /** Tool pose and geometric Jacobian at q: columns z_i × (p − o_i) and z_i. */
  instant(q: ArrayLike<number>, from: State, v: ArrayLike<number> = new Float64Array(this.nq)): KnotView {
    let T: Mat = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const axes: { z: number[]; o: number[] }[] = [];
    for (let i = 0; i < this.nq; i++) {
      T = times(T, this.frames[i]);
      axes.push({ z: [T[2], T[6], T[10]], o: [T[3], T[7], T[11]] });
      const [c, s] = [Math.cos(q[i]), Math.sin(q[i])];
      T = times(T, [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0]);
    }
    T = times(T, this.frames[this.nq]);
    const J = new Float64Array(6 * this.nq);
    axes.forEach(({ z, o }, j) => {
      const d = [T[3] - o[0], T[7] - o[1], T[11] - o[2]];
      const linear = [z[1] * d[2] - z[2] * d[1], z[2] * d[0] - z[0] * d[2], z[0] * d[1] - z[1] * d[0]];
      for (let i = 0; i < 3; i++) {
        J[i * this.nq + j] = linear[i];
        J[(3 + i) * this.nq + j] = z[i];
      }
    });
    return { q: Float64Array.from(q), v: Float64Array.from(v), iq: 0, tool: Float64Array.from(T), it: 0, J, from };
  }

  /**
   * Random smooth-ish paths: joint steps, velocities by difference, the tool by this arm, one capsule a joint; random
   * objects and latents where some are predicted.
   */
  rollouts(
    K: number,
    H: number,
    substeps: number,
    rng: Rng,
    from: State,
    predicted: readonly string[] = [],
    dim = 0,
    S = 1,
  ): Rollouts {
    const r = new Rollouts({
      K,
      H,
      substeps,
      dt: 0.1,
      nu: this.nq,
      nq: this.nq,
      nc: this.nq,
      dim,
      no: predicted.length,
      S,
    });
    r.predicted = predicted;
    for (let i = 0; i < r.z.length; i++) r.z[i] = rng.normal();
    for (let i = 0; i < r.objects.length; i++) r.objects[i] = rng.range(-0.5, 0.5);
    for (let i = 0; i < r.spread.length; i++) r.spread[i] = rng.uniform();
    r.from = from;
    for (let k = 0; k < K; k++) {
      const q = Array.from({ length: this.nq }, () => rng.range(-2, 2));
      for (let n = k * r.N; n < (k + 1) * r.N; n++) {
        for (let j = 0; j < this.nq; j++) {
          const step = rng.range(-0.05, 0.05);
          q[j] += step;
          r.q[n * this.nq + j] = q[j];
          r.v[n * this.nq + j] = (step * substeps) / r.dt;
          r.radius[n * this.nq + j] = rng.range(0.02, 0.1);
          for (let i = 0; i < 6; i++) r.capsules[(n * this.nq + j) * 6 + i] = rng.range(-0.8, 0.8);
        }
        r.tool.set(this.instant(q, from).tool, n * 12);
      }
    }
    return r;
  }
}

export const belief = (id: string, x: number, y: number, z: number): Belief => ({
  id,
  position: [x, y, z],
  orientation: [0, 0, 0, 1],
  positionStd: 0.01,
  stamp: 0,
});

export const stateWith = (...objects: Belief[]): State => ({
  stamp: 0,
  q: new Float64Array(0),
  v: new Float64Array(0),
  objects: new Map(objects.map((o) => [o.id, o])),
  bodies: [],
});

export const limitsOf = (nq: number): JointLimits => ({
  lo: new Float64Array(nq).fill(-3),
  hi: new Float64Array(nq).fill(3),
  velocity: new Float64Array(nq).fill(2),
  acceleration: Float64Array.from({ length: nq }, (_, j) => 4 + j),
  effort: new Float64Array(nq).fill(50),
});

export const randomAngles = (nq: number, rng: Rng): Float64Array =>
  Float64Array.from({ length: nq }, () => rng.range(-Math.PI, Math.PI));

function matrix([x, y, z, w]: number[], p: number[]): Mat {
  // prettier-ignore
  return [
    1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), p[0],
    2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), p[1],
    2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), p[2]];
}

function times(A: Mat, B: Mat): Mat {
  const C: Mat = [];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 4; j++)
      C.push(A[4 * i] * B[j] + A[4 * i + 1] * B[4 + j] + A[4 * i + 2] * B[8 + j] + (j === 3 ? A[4 * i + 3] : 0));
  }
  return C;
}
