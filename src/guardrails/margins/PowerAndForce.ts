import type { Body } from "../../core/Body.js";
import type { Rollouts } from "../../core/Rollouts.js";
import { segmentDistance } from "../../core/geometry/segmentDistance.js";
import type { Guardrail } from "../Guardrail.js";
import { linkSpeed } from "./linkSpeed.js";

const SCALE = 0.1; // s: 1 cm/s too fast weighs as 1 mm too near

/**
 * Power and force limiting (ISO/TS 15066, 5.5.5): where a person may be, no link is faster than the touched body region
 * allows. A link may be near or fast, but not both; per knot, link and body the better of the two counts:
 *
 *     margin = min of  max( dist − r_link − r_body − ε − v_h·(age + delay + exposure),  T·(v_max − v_link) )   [m]
 *
 * A body without a region, or with one that may not be touched in motion (v_max = 0), keeps separation. v is the
 * robot's speed: as in the standard, the energy of a person who runs into a slow arm is the person's own.
 */
export class PowerAndForce implements Guardrail {
  readonly name = "power_and_force";
  readonly unit = "m";
  readonly escapable = false;
  readonly urgent = true;
  private readonly body = new Float64Array(6); // scratch
  private readonly distance = new Float64Array(1);

  /**
   * @param radii [nc] of the capsules themselves, m
   * @param noise ε, m
   * @param speeds v_max of each body by id, m/s
   * @param delay s, of the arm behind its commands
   */
  constructor(
    private readonly watched: Int32Array,
    private readonly radii: Float64Array,
    private readonly noise: number,
    private readonly speeds: ReadonlyMap<string, number>,
    private readonly delay = 0,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    out.fill(Infinity, 0, K);
    for (let m = 0; m < r.from.bodies.length; m++) this.addPerson(r, r.from.bodies[m], out, K);
  }

  private addPerson(r: Rollouts, person: Body, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius, exposure, from } = r;
    const { watched, radii, body, distance } = this;
    for (let e = 0; e < 3; e++) ((body[e] = person.p0[e]), (body[e + 3] = person.p1[e]));
    const grown =
      person.radius + this.noise + person.speedBound * (this.delay + Math.max(0, from.stamp - person.stamp));
    const speed = this.speeds.get(person.id) ?? 0;
    for (let k = 0; k < K; k++) {
      let worst = out[k];
      for (let n = 0; n < N; n++) {
        const size = grown + person.speedBound * exposure[k * N + n];
        for (let w = 0; w < watched.length; w++) {
          const o = (k * N + n) * nc + watched[w];
          segmentDistance(distance, capsules, 6 * o, body, 0);
          const apart = distance[0] - radius[o] - size;
          const slow = speed > 0 ? SCALE * (speed - linkSpeed(r, o, radii[watched[w]])) : -Infinity;
          worst = Math.min(worst, Math.max(apart, slow));
        }
      }
      out[k] = worst;
    }
  }
}
