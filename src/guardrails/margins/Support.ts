import { handSchemas, type SupportConfig } from "../../config/index.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Shape } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import { boundingBoxOf } from "../../kinematics/shapes/boundingBoxOf.js";
import { cornersOf } from "../../kinematics/shapes/cornersOf.js";
import type { Guardrail } from "../Guardrail.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { facesOf } from "./facesOf.js";

const PARTS = 4; // of a thing with more of them the box about all is evaluated

/**
 * The thing in the hand on what it may touch: a table, the floor of a bin, a thing under it. Its capsules reach
 * centimetres out of it and are spared there; its own corners are evaluated instead, against the planes of the
 * support's faces, and may be inside by `depth`:
 *
 *     margin = min over intervals, parts, supports of  max over faces (n, o) of  min over corners c, both knots of
 *     n·x_c − r_c − o   − stray + depth   [m]
 *
 * A plane between both proves them apart, so the height of the lowest corner over the best face is at most their
 * distance. Between knots a corner strays from its chord by no more than `Sweep` adds to a capsule of the hand for it,
 * times the ratio of their reaches from the last frame. Depth is that of the commanded motion and the believed pose:
 * joints that are off (`Sweep.error`) and the doubt of its place in the hand come on top, because a thing that lies on
 * a table is that deep in it before it is lifted. The arm's own capsules keep their clearance (`KeepOut`).
 */
export class Support implements Guardrail {
  readonly name = "support";
  readonly unit = "m";
  readonly escapable = true;
  private readonly corners: Float64Array; // [corners,3] m, tool frame
  private readonly radii: Float64Array; // [corners] m
  private readonly ends: Int32Array; // [parts] after the last corner of each
  private readonly faces: readonly Float64Array[]; // of each support [faces,4] n, o
  private readonly like: number; // the capsule that reaches farthest from the last frame
  private readonly own: number; // m, its radius
  private readonly farther: number; // ratio of the corners' reach to its
  private readonly places: Float64Array; // [2,corners,3] m, scratch: at both knots of an interval
  private readonly least = new Float64Array(1); // scratch

  /** @param arm that holds the thing @throws RangeError if it holds none */
  constructor(
    private readonly arm: Arm,
    private readonly supports: readonly Shape[],
    private readonly depth: number,
  ) {
    const { held, toolOffset, capsules, nq } = arm;
    if (held === undefined) throw new RangeError("support: got an arm that holds nothing, want one of armHolding");
    const parts = (held.parts.length <= PARTS ? held.parts : [boundingBoxOf(held.parts)]).map(cornersOf);
    const points = parts.flatMap((part) => part.points.map((p) => Float64Array.from(p)));
    const pose = mulTransform(new Float64Array(12), 0, toolOffset, 0, held.pose, 0);
    const reaches = points.map((p) => Math.hypot(...transformPoint(new Float64Array(3), 0, pose, 0, p, 0)));
    for (const p of points) transformPoint(p, 0, held.pose, 0, p, 0);
    this.corners = Float64Array.from(points.flatMap((p) => [...p]));
    this.radii = Float64Array.from(parts.flatMap((part) => part.points.map(() => part.radius)));
    let end = 0;
    this.ends = Int32Array.from(parts, (part) => (end += part.points.length));
    this.faces = supports.map(facesOf);
    const reachOf = (c: number): number =>
      capsules[c].link === nq ? Math.max(Math.hypot(...capsules[c].p0), Math.hypot(...capsules[c].p1)) : -1;
    this.like = [...capsules.keys()].reduce((best, c) => (reachOf(c) > reachOf(best) ? c : best));
    this.own = capsules[this.like].radius;
    this.farther = Math.max(1, Math.max(...reaches) / reachOf(this.like));
    this.places = new Float64Array(2 * this.corners.length);
  }

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, thickness, growth } = r;
    const { like, own, farther, depth, places, least } = this;
    const half = places.length / 2;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        const i = k * N + n;
        if (n === 0 || r.quasistatic) this.place(r.tool, 12 * i, 0);
        else places.copyWithin(0, half);
        if (r.quasistatic || n + 1 === N) places.copyWithin(half, 0, half);
        else this.place(r.tool, 12 * (i + 1), half);
        this.measure();
        worst = Math.min(worst, least[0] - farther * (thickness[i * nc + like] - growth[like] - own) + depth);
      }
      out[k] = worst;
    }
  }

  parts(): Support[] {
    return this.supports.map((support) => new Support(this.arm, [support], this.depth));
  }

  /** The corners' places for the tool pose at offset t. */
  private place(tool: Float64Array, t: number, o: number): void {
    const { corners, places } = this;
    for (let c = 0; c < corners.length; c += 3) transformPoint(places, o + c, tool, t, corners, c);
  }

  /** Into `least`: how far each part is beyond the best face of each support at both knots, the least of all. */
  private measure(): void {
    const { faces, ends, places, radii, least } = this,
      half = places.length / 2;
    let worst = Infinity;
    for (let s = 0; s < faces.length; s++) {
      const face = faces[s];
      for (let p = 0, first = 0; p < ends.length; first = ends[p++]) {
        let best = -Infinity;
        for (let f = 0; f < face.length; f += 4) {
          let low = Infinity;
          for (let c = first; c < ends[p]; c++)
            for (let o = 3 * c; o < places.length; o += half)
              low = Math.min(
                low,
                face[f] * places[o] + face[f + 1] * places[o + 1] + face[f + 2] * places[o + 2] - radii[c],
              );
          best = Math.max(best, low - face[f + 3]);
        }
        worst = Math.min(worst, best);
      }
    }
    least[0] = worst;
  }
}

/** What the thing in the hand may touch. Nothing if nothing is held: the arm's own links keep their clearance. */
export const support: GuardrailKind<SupportConfig> = {
  schema: handSchemas.support,
  tighten({ ids }, { fixed, avoided, refuse }) {
    const known = [...new Set([...fixed, ...avoided])];
    ids.forEach((id, i) => {
      if (!known.includes(id))
        refuse(
          ["ids", i],
          `got '${id}', want fixed geometry of the scene or a shape of avoid: ` +
            `${known.length > 0 ? known.join(", ") : "(none is known)"}`,
        );
    });
  },
  make({ ids, shapes, depth }, { arm, solids }) {
    const near = [...solids.filter(({ id }) => ids.includes(id)), ...shapes].map(({ shape }) => shape);
    return arm.held === undefined || near.length === 0 ? undefined : new Support(arm, near, depth);
  },
};
