import type { Rollouts } from "../../core/Rollouts.js";
import type { State } from "../../core/State.js";
import type { Kinematics } from "../../kinematics/index.js";
import type { Predictor } from "../../worldmodel/Predictor.js";

/** The measured path of an arm, as a model of its motion. */
export class MeasuredPath implements Predictor {
  readonly nu = 0;
  readonly substeps = 1;
  private q: readonly Float64Array[] = [];

  constructor(
    private readonly kinematics: Kinematics,
    readonly dt: number,
  ) {}

  take(q: readonly Float64Array[]): void {
    this.q = q;
  }

  predict(_: State, r: Rollouts): void {
    this.q.forEach((q, h) => {
      r.q.set(q, h * r.nq);
      this.kinematics.forward(q, 0);
      r.tool.set(this.kinematics.tool, 12 * h);
    });
  }

  actionsFromPath(): void {
    throw new Error("a measured path has no actions");
  }
}
