import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { State } from "../../../src/core/State.js";
import type { LevelContext, LevelKind, LevelTime } from "../../../src/planner/hierarchy/LevelKind.js";
import type { Predictor } from "../../../src/worldmodel/Predictor.js";

/** A kind of level from outside: an action moves the joints by at most a share of what they could do. */
class SlowSteps implements Predictor {
  readonly nu: number;
  readonly dt: number;
  readonly substeps = 1;
  readonly quasistatic = true;
  private readonly step: Float64Array;

  constructor(
    { dt }: LevelTime,
    private readonly context: LevelContext,
    share: number,
  ) {
    const { limits } = context.arm;
    this.nu = limits.velocity.length;
    this.dt = dt;
    this.step = Float64Array.from(limits.velocity, (v) => share * v * dt);
  }

  predict(from: State, r: Rollouts, K: number): void {
    const { nq, N, H } = r;
    Object.assign(r, { from, quasistatic: true });
    for (let k = 0; k < K; k++) {
      r.q.set(from.q, k * N * nq);
      for (let i = 0; i < H * nq; i++) {
        const at = k * N * nq + i;
        r.v[at + nq] = (r.a[k * H * nq + i] * this.step[i % nq]) / this.dt;
        r.q[at + nq] = r.q[at] + r.v[at + nq] * this.dt;
      }
    }
    this.context.sweep.fill(r, K);
  }

  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    const q = from.q.slice();
    for (let i = 0; i < H * this.nu; i++) {
      const j = i % this.nu;
      a[ia + i] = Math.max(-1, Math.min(1, (reference[i + this.nu] - q[j]) / this.step[j]));
      q[j] += a[ia + i] * this.step[j];
    }
  }
}

const SHARE = 0.4; // of the velocity limits

export const slowSteps: LevelKind = {
  describe: "each joint's way in dt, slowly",
  predictor: (level, context) => new SlowSteps(level, context, SHARE),
};
