import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import { LINK } from "./armMjcf.js";
import { collisionBits } from "./collisionBits.js";

const FAR = 10; // m: largest reported distance

/** Smallest distance between the arm's collision geoms and those of each person, by MuJoCo's own distance function. */
export class PersonDistance {
  private readonly arm: number[]; // geoms
  private readonly persons: ReadonlyMap<string, number[]>;
  private readonly reach: Float64Array; // [G] radius of the ball around each geom

  constructor(
    private readonly mj: MainModule,
    private readonly model: MjModel,
    ids: readonly string[],
  ) {
    const all = Array.from({ length: model.ngeom }, (_, g) => g);
    const bodies: Int32Array = Int32Array.from(model.geom_bodyid),
      types: Int32Array = Int32Array.from(model.geom_contype);
    const name = all.map((g) => mj.mj_id2name(model, mj.mjtObj.mjOBJ_BODY.value, bodies[g]));
    this.arm = all.filter((g) => name[g].startsWith(LINK) && types[g] === collisionBits.arm.contype);
    this.persons = new Map(ids.map((id) => [id, all.filter((g) => name[g] === id)]));
    this.reach = Float64Array.from(model.geom_rbound);
  }

  measure(data: MjData): Map<string, number> {
    const { mj, model, arm, reach } = this;
    const out = new Map<string, number>();
    for (const [id, geoms] of this.persons) {
      let best = FAR;
      const x: Float64Array = Float64Array.from(data.geom_xpos as Float64Array);
      for (const g of geoms)
        for (const a of arm) {
          const between = Math.hypot(x[3 * a] - x[3 * g], x[3 * a + 1] - x[3 * g + 1], x[3 * a + 2] - x[3 * g + 2]);
          if (between - reach[a] - reach[g] < best)
            best = Math.min(best, mj.mj_geomDistance(model, data, a, g, best, null));
        }
      out.set(id, best);
    }
    return out;
  }
}
