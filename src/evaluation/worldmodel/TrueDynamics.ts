import type { Rollouts } from "../../core/Rollouts.js";
import type { State } from "../../core/State.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import type { Physics } from "./Physics.js";

/** The oracle's world model: the arm moves by its kinematics, everything else by the true dynamics. */
export class TrueDynamics implements Predictor {
  readonly nu: number;
  readonly dt: number;
  readonly substeps: number;
  readonly quasistatic: boolean;

  constructor(
    private readonly arm: Predictor,
    private readonly physics: Physics,
    private readonly ids: readonly string[], // of the objects
    private readonly believed = false, // start with the object positions of the state, not with the true ones
  ) {
    this.nu = arm.nu;
    this.dt = arm.dt;
    this.substeps = arm.substeps;
    this.quasistatic = arm.quasistatic ?? false;
  }

  async predict(from: State, r: Rollouts, K: number): Promise<void> {
    await this.arm.predict(from, r, K);
    r.predicted = this.ids;
    this.physics.begin(
      this.believed ? Float64Array.from(this.ids.flatMap((id) => [...from.objects.get(id)!.position])) : undefined,
    );
    for (let k = 0; k < K; k++) this.physics.roll(r, k);
  }

  actionsFromPath(from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    this.arm.actionsFromPath(from, reference, H, a, ia);
  }
}
