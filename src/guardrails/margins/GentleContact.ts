import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Shape } from "../../core/geometry/Shape.js";
import type { Guardrail } from "../Guardrail.js";
import { linkSpeed } from "./linkSpeed.js";
import { z } from "zod";
import { force } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";
import { contactSpeed } from "./contactSpeed.js";
import { movingMass } from "./movingMass.js";

const SCALE = 0.1; // s: 1 cm/s too fast weighs as 1 mm too near

/**
 * Bodies that a task may touch, none harder than a given force: within the clearance of one of them a link is at most
 * as fast as the cap allows,
 *
 *     margin = min over knots, links, bodies of  max( dist − r − clearance,  T·(v_max − v_link) )   [m],   v_max =
 *     F/√(μk)
 *
 * What is not on the list stays a keep-out.
 * @source as `contactSpeed`; the body counts as fixed, μ = m_R
 */
export class GentleContact implements Guardrail {
  readonly name = "contact";
  readonly unit = "m";
  readonly escapable = true;
  private readonly shapes: readonly PreparedShape[];
  private readonly distance = new Float64Array(4); // scratch

  /** @param radii [nc] of the capsules themselves, m @param speed v_max, m/s */
  constructor(
    shapes: readonly Shape[],
    private readonly watched: Int32Array,
    private readonly radii: Float64Array,
    private readonly clearance: number,
    private readonly speed: number,
  ) {
    this.shapes = shapes.map((s) => new PreparedShape(s));
  }

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, radius } = r;
    const { shapes, watched, radii, distance, speed, clearance } = this;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        for (let w = 0; w < watched.length; w++) {
          const o = (k * N + n) * nc + watched[w];
          const slow = SCALE * (speed - linkSpeed(r, o, radii[watched[w]]));
          for (let s = 0; s < shapes.length; s++) {
            shapes[s].measure(distance, capsules, 6 * o);
            worst = Math.min(worst, Math.max(distance[0] - radius[o] - clearance, slow));
          }
        }
      }
      out[k] = worst;
    }
  }
}

const schema = z
  .strictObject({
    bodies: z.array(z.string().min(1).max(80)).min(1).max(100).describe("ids of fixed shapes of the scene"),
    force: force({ above: 0 }).describe("largest contact force, at most the robot's own"),
  })
  .describe("bodies that may be touched");

/** What a task may touch, and how hard. */
export const contact: GuardrailKind<z.output<typeof schema>> = {
  schema,
  tighten({ bodies, force: most }, { robot, fixed, refuse }) {
    const { contact: own } = robot.guardrails;
    if (own === undefined)
      return refuse(
        [],
        `got a contact of ${rounded(most)} N, want none: ${robot.name} declares no guardrails.contact.force, so 0 N`,
      );
    if (most > own.force)
      refuse(["force"], `got ${rounded(most)} N, want at most ${robot.name}'s ${rounded(own.force)} N`);
    bodies.forEach((id, b) => {
      if (!fixed.includes(id))
        refuse(
          ["bodies", b],
          `got '${id}', want fixed geometry of the scene: ${fixed.length > 0 ? fixed.join(", ") : "(none is known)"}`,
        );
    });
  },
  make: ({ bodies, force: most }, { arm, watched, clearance, fixed, stiffness, load }) =>
    new GentleContact(
      bodies.map((id) => fixed.get(id)).filter((s) => s !== undefined),
      watched,
      Float64Array.from(arm.capsules, (c) => c.radius),
      clearance,
      contactSpeed(most, stiffness, movingMass(arm) + load, Infinity),
    ),
};
