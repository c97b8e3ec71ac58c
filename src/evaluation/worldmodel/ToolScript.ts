import type { Plan } from "../../core/Plan.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { State } from "../../core/State.js";
import type { Arm } from "../../kinematics/index.js";
import type { ToolDisplacement } from "../../worldmodel/analytic/ToolDisplacement.js";
import { rolloutsFor } from "../../worldmodel/rolloutsFor.js";
import type { World } from "./World.js";

/** Scripted motions of the tool, one model step at a time: along way points, or by given actions. */
export class ToolScript {
  private readonly r: Rollouts;

  constructor(
    private readonly model: ToolDisplacement,
    arm: Arm,
    private readonly step: number, // m
  ) {
    this.r = rolloutsFor(model, { K: 1, H: 1, nq: arm.nq, nc: arm.capsules.length });
  }

  /** The plan of one action a [3]. */
  plan(from: State, a: ArrayLike<number>): Plan {
    const { r, model } = this;
    r.a.set(a);
    model.predict(from, r, 1);
    return {
      level: "script",
      stamp: from.stamp,
      dt: r.dt,
      H: 1,
      substeps: r.substeps,
      nu: r.nu,
      nq: r.nq,
      a: r.a.slice(),
      q: r.q.slice(),
      v: r.v.slice(),
      z: new Float32Array(0),
      energy: 0,
      energies: {},
      feasible: true,
      iterations: 0,
      rollouts: 1,
      time: 0,
    };
  }

  /**
   * Moves the tool to a place, along the straight line if `slow`, in m per step, is no more than one action moves it.
   * @returns whether it came within 1.5 cm in `steps`
   */
  go(world: World, to: Vec3, steps = 20, slow = this.step): boolean {
    for (let i = 0; i < steps; i++) {
      const at = world.tool();
      const d = to.map((x, c) => x - at[c]);
      const far = Math.hypot(...d);
      if (far < 0.015) return true;
      const scale = Math.min(slow, far) / far / this.step;
      world.execute(
        this.plan(
          world.state(),
          d.map((x) => x * scale),
        ),
        this.model.dt,
      );
    }
    return false;
  }

  /** Brings the arm to rest. */
  rest(world: World): void {
    world.execute(undefined, this.model.dt);
  }
}
