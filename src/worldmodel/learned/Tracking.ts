import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Arm } from "../../kinematics/Arm.js";
import { Kinematics } from "../../kinematics/Kinematics.js";
import { ModelError, type TrackingModel } from "./onnx/index.js";
import type { Predictor } from "../Predictor.js";

/**
 * A learned prediction of where the arm will really be, in addition to where it is commanded to be: the deviation
 * d = q − q*, from the measured one on,
 *
 *     d_{h+1} = d_h + g(d_h, u_h, u_{h+1}),   u = [sin q*, cos q*, v*];   between actions it goes linearly
 *
 * The commanded path, and everything that guardrails check, stays that of the kinematic model. Costs evaluate
 * `expected`, so the search finds the commands that bring the *arm* to its goal. A state without a deviation means 0.
 */
export class Tracking implements Predictor {
  readonly nu: number;
  readonly dt: Seconds;
  readonly substeps: number;
  readonly quasistatic: boolean;
  private readonly H: number; // that the graph is unrolled for
  private readonly kinematics: Kinematics;
  private buffers: Buffers | undefined;

  /** @throws ModelError if the model is for other joints, another time step or a shorter horizon */
  constructor(
    private readonly kinematic: Predictor,
    private readonly model: TrackingModel,
    arm: Arm,
    horizon: number,
  ) {
    const { joints, dt, horizon: H } = model.manifest;
    const refuse = (key: string, got: unknown, want: string): never => {
      throw new ModelError(`${model.folder}/manifest.json`, `${key}: got ${got}, want ${want}`);
    };
    if (joints.join() !== arm.jointNames.join())
      refuse("joints", joints.join(", "), `${arm.jointNames.join(", ")}, the arm's`);
    if (Math.abs(dt - kinematic.dt) > 1e-9) refuse("dt", `${dt} s`, `${kinematic.dt} s, the level's`);
    if (H < horizon) refuse("horizon", H, `at least ${horizon}, the level's`);
    this.nu = kinematic.nu;
    this.dt = kinematic.dt;
    this.substeps = kinematic.substeps;
    this.quasistatic = kinematic.quasistatic ?? false;
    this.H = H;
    this.kinematics = new Kinematics(arm);
  }

  async predict(from: State, r: Rollouts, K: number): Promise<void> {
    const { H, substeps, kinematics } = this;
    const done = this.kinematic.predict(from, r, K);
    if (done !== undefined) await done;
    const { d0, u, d, expected, run } = this.reserve(r);
    const { q, v, tool } = expected;
    const nq = r.nq;
    d0.fill(0);
    if (from.deviation !== undefined) d0.set(from.deviation);
    for (let k = 0; k < K; k++)
      for (let h = 0; h <= H; h++) {
        const i = (k * r.N + Math.min(h, r.H) * substeps) * nq,
          o = (k * (H + 1) + h) * 3 * nq; // beyond the level's horizon the arm rests
        for (let j = 0; j < nq; j++) {
          u[o + j] = Math.sin(r.q[i + j]);
          u[o + nq + j] = Math.cos(r.q[i + j]);
          u[o + 2 * nq + j] = h > r.H ? 0 : r.v[i + j];
        }
      }
    await run(K);
    for (let k = 0; k < K; k++)
      for (let m = 0; m < r.N; m++) {
        const h = Math.min(Math.floor(m / substeps), r.H - 1),
          s = m / substeps - h;
        const i = (k * r.N + m) * nq,
          o = (k * (H + 1) + h) * nq;
        for (let j = 0; j < nq; j++) {
          const a = d[o + j],
            b = d[o + nq + j];
          q[i + j] = r.q[i + j] + a + s * (b - a);
          v[i + j] = r.v[i + j] + (b - a) / this.dt;
        }
        kinematics.forward(q, i);
        tool.set(kinematics.tool, 12 * (k * r.N + m));
      }
  }

  expected(r: Rollouts): Rollouts {
    return this.reserve(r).expected;
  }

  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    this.kinematic.actionsFromPath(from, reference, H, a, ia);
  }

  /** Arrays for as many rollouts as r holds, allocated once. */
  private reserve(r: Rollouts): Buffers {
    if (this.buffers?.of === r) return this.buffers;
    const { H } = this;
    const d0 = new Float32Array(r.nq);
    const u = new Float32Array(r.K * (H + 1) * 3 * r.nq);
    const d = new Float32Array(r.K * (H + 1) * r.nq);
    const own = { q: r.q.slice(), v: r.v.slice(), tool: r.tool.slice() };
    const expected = Object.create(
      r,
      Object.fromEntries(Object.entries(own).map(([key, value]) => [key, { value }])),
    ) as Rollouts;
    return (this.buffers = { of: r, d0, u, d, expected, run: this.model.graph.bind({ d0, u }, { d }, r.K) });
  }
}

interface Buffers {
  readonly of: Rollouts;
  readonly d0: Float32Array; // [nq]
  readonly u: Float32Array; // [K,H+1,3nq]
  readonly d: Float32Array; // [K,H+1,nq]
  readonly expected: Rollouts; // q, v and the tool its own, all else that of `of`
  run(rows: number): Promise<void>;
}
