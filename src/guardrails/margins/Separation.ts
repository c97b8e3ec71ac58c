import type { Rollouts } from "../../core/Rollouts.js";
import { segmentDistance } from "../../core/geometry/segmentDistance.js";
import type { Guardrail } from "../Guardrail.js";

/**
 * Speed and separation (ISO/TS 15066, 5.5.4): no moving link can touch a person, wherever people may have gone
 * unseen.
 *
 *     margin = min over knots, links, bodies of  dist − r_link − r_body − ε − v_h·(age + delay + exposure)   [m]
 *
 * `exposure` runs until the arm is commanded to be at rest, `delay` until it is, `age` since the body was last seen.
 * Silence makes people grow and the arm brake. The formula covers the standard's sum: S_h is v_h·(age + exposure), S_r
 * and S_s are the swept path to rest itself, Z_d is ε, Z_r the enclosure. A stamp ahead of the clock counts as now.
 * NaN stops the arm.
 */
export class Separation implements Guardrail {
  readonly name = "separation";
  readonly unit = "m";
  readonly escapable = false;
  readonly urgent = true;
  private readonly body = new Float64Array(6); // scratch
  private readonly distance = new Float64Array(1);

  /** @param noise ε, m: bound on the error of body positions. @param delay s, of the arm behind its commands */
  constructor(
    private readonly watched: Int32Array,
    private readonly noise: number,
    private readonly delay = 0,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number, enough = Infinity): void {
    const { N, nc, capsules: p, radius, exposure, from } = r;
    const { watched, distance, body: b } = this;
    for (let k = 0; k < K; k++) out[k] = enough; // fill() would have the number boxed
    for (let m = 0; m < from.bodies.length; m++) {
      const body = from.bodies[m];
      for (let e = 0; e < 3; e++) ((b[e] = body.p0[e]), (b[e + 3] = body.p1[e]));
      const x = 0.5 * (b[0] + b[3]),
        y = 0.5 * (b[1] + b[4]),
        z = 0.5 * (b[2] + b[5]);
      const length = 0.5 * Math.sqrt((b[3] - b[0]) ** 2 + (b[4] - b[1]) ** 2 + (b[5] - b[2]) ** 2);
      const finite = 0 * (x + y + z + length); // NaN where it is not
      const grown =
        finite + body.radius + this.noise + body.speedBound * (this.delay + Math.max(0, from.stamp - body.stamp));
      for (let k = 0; k < K; k++) {
        let worst = out[k];
        for (let n = 0; n < N; n++) {
          const size = grown + body.speedBound * exposure[k * N + n];
          for (let w = 0; w < watched.length; w++) {
            const i = (k * N + n) * nc + watched[w];
            const a = 6 * i;
            const ux = 0.5 * (p[a + 3] - p[a]),
              uy = 0.5 * (p[a + 4] - p[a + 1]),
              uz = 0.5 * (p[a + 5] - p[a + 2]);
            const dx = p[a] + ux - x,
              dy = p[a + 1] + uy - y,
              dz = p[a + 2] + uz - z;
            const reach = worst + radius[i] + size + length + Math.sqrt(ux * ux + uy * uy + uz * uz);
            if (reach > 0 && dx * dx + dy * dy + dz * dz >= reach * reach) continue;
            segmentDistance(distance, p, a, b, 0);
            worst = Math.min(worst, distance[0] - radius[i] - size);
          }
        }
        out[k] = worst;
      }
    }
  }
}
