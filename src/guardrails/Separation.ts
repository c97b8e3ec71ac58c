import { capsuleDistance } from "../core/capsuleDistance.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Guardrail } from "./Guardrail.js";

/**
 * Speed and separation (ISO/TS 15066, 5.5.4): nobody can be touched by a moving link, wherever people may have gone unseen.
 *
 *     margin = min over knots, links, bodies of  dist − r_link − r_body − ε − v_h·(age + exposure)   [m]
 *
 * `exposure` runs until the arm is at rest, `age` since the body was last seen: silence makes people grow and the arm brake.
 */
export class Separation implements Guardrail {
  readonly name = "separation";
  readonly unit = "m";
  private readonly body = new Float64Array(6);

  /** @param noise ε, m: bound on the error of body positions */
  constructor(
    private readonly watched: Int32Array,
    private readonly noise: number,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius, exposure, from } = r;
    out.fill(Infinity, 0, K);
    for (const body of from.bodies) {
      this.body.set(body.p0);
      this.body.set(body.p1, 3);
      const age = from.stamp - body.stamp;
      const grown = body.radius + this.noise + body.speedBound * Math.max(0, age);
      for (let k = 0; k < K; k++) {
        let worst = out[k];
        for (let n = 0; n < N; n++) {
          const rBody = grown + body.speedBound * exposure[k * N + n];
          for (const c of this.watched) {
            const i = (k * N + n) * nc + c;
            const d = capsuleDistance(capsules, 6 * i, radius[i], this.body, 0, rBody);
            if (!(d >= worst)) worst = d;
          }
        }
        out[k] = worst;
      }
    }
  }
}
