import { z } from "zod";
import { boundingShape, geometry, length } from "../../config/index.js";
import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import { positionOf } from "../positionOf.js";
import { requirePredicted } from "../requirePredicted.js";
import type { Residual } from "../Residual.js";

const schema = z.strictObject({
  object: z.string().min(1).describe("its id"),
  in: geometry.describe("shape that must contain its centre"),
  tolerance: length({ above: 0 }).default(0.02).describe("tolerance outside of the shape"),
});

export type RegionConfig = z.output<typeof schema>;

/**
 * An object's centre p within a region: r = max(0, d(p))/ε, d the signed distance (m) to the region's surface, negative
 * inside. A cylinder counts as its box.
 */
export class Region implements Residual {
  readonly name = "region";
  readonly dim = 1;
  readonly blocks = [1];
  private readonly shape: PreparedShape;
  private readonly point = new Float64Array(6); // a segment of no length

  constructor(
    private readonly spec: RegionConfig,
    private readonly nq: number,
  ) {
    this.shape = new PreparedShape(boundingShape(spec.in));
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { object, tolerance } = this.spec;
    for (let c = 0; c < 3; c++) this.point[c] = this.point[c + 3] = positionOf(x, object, c);
    r[0] = Math.max(0, this.shape.distance(this.point, 0, 0)) / tolerance;
    J?.fill(0, 0, this.nq);
  }
}

/** `region: { object: puck, in: { box: { center: [0.5 m, 0.2 m, 0 m], size: [10 cm, 10 cm, 10 cm] } } }` */
export const region: GoalPlugin<RegionConfig, RegionConfig> = {
  schema,
  movesThings: true,
  needsModel: true,
  bind(config, context) {
    requirePredicted(config.object, context, ["object"]);
    return config;
  },
  create: (spec, { nq }) => new Region(spec, nq),
};
