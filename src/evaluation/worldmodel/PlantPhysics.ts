import type { Rollouts } from "../../core/Rollouts.js";
import type { Moment, Simulation } from "../../sim/physics/Simulation.js";
import type { Physics } from "./Physics.js";

/**
 * The whole simulator with arm and servos as dynamics. Every rollout gives its joint path to the controller from the
 * same moment; then the world is set back to that moment.
 */
export class PlantPhysics implements Physics {
  private moment!: Moment;

  constructor(private readonly simulation: Simulation) {}

  /** @throws RangeError if believed positions are given: this simulator uses only the true ones */
  begin(objects?: Float64Array): void {
    if (objects !== undefined)
      throw new RangeError("got believed positions, want none: the simulation begins at the true positions");
    this.moment = this.simulation.save();
  }

  roll(r: Rollouts, k: number): void {
    const { simulation, moment } = this;
    simulation.restore(moment);
    const knot = r.dt / r.substeps,
      row = (n: number): Float64Array => r.q.slice((k * r.N + n) * r.nq, (k * r.N + n + 1) * r.nq);
    const points = Array.from({ length: r.N - 1 }, (_, n) => ({
      positions: row(n + 1),
      velocities: [],
      accelerations: [],
      timeFromStart: (n + 1) * knot,
    }));
    const refusal = simulation.accept({ jointNames: simulation.arm.jointNames, points });
    if (refusal !== undefined) throw new RangeError(`trajectory refused: ${refusal}`);
    for (let h = 0; h <= r.H; h++) {
      if (h > 0) simulation.step(r.dt);
      simulation.objects().forEach(({ position }, o) => r.objects.set(position, ((k * (r.H + 1) + h) * r.no + o) * 3));
    }
    simulation.restore(moment);
  }
}
