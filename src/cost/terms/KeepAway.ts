import { z } from "zod";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Rollouts } from "../../core/Rollouts.js";
import { byForm, length, vec3 } from "../../config/index.js";
import { UnknownObjectError } from "../BindError.js";
import type { CostTerm } from "../CostTerm.js";
import type { Plugin } from "../Plugin.js";

const point = vec3(length());
const from = byForm<string | [number, number, number]>("an object's id or a point [x, y, z] (m)", (input) => {
  if (typeof input === "string") return z.string();
  return Array.isArray(input) ? point : undefined;
});
const schema = z.strictObject({
  from: from.describe("object or point to keep away from"),
  distance: length({ above: 0 }).describe("distance below which the cost begins"),
  part: z.enum(["tool", "arm"]).default("tool").describe("which part of the arm"),
});

export type KeepAwayConfig = z.output<typeof schema>;

/**
 * A soft cost of coming closer than `distance` D to a point or an object's centre c: E = Δt/substeps · Σ_knots
 * (max(0, D − d)/D)², with d the distance of the tool's origin, or of the arm's nearest capsule surface, to c. It is
 * soft: use a guardrail for what must never be touched.
 */
export class KeepAway implements CostTerm {
  readonly name = "keep_away";

  constructor(private readonly spec: KeepAwayConfig) {}

  evaluate(r: Rollouts, out: Float64Array, K: number): void {
    const { from, distance, part } = this.spec;
    const center = typeof from === "string" ? r.from.objects.get(from)?.position : from;
    if (center === undefined) throw new UnknownObjectError(String(from), [...r.from.objects.keys()]);
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let knot = k * r.N + 1; knot < (k + 1) * r.N; knot++) {
        const d = part === "tool" ? toolDistance(r, knot, center) : armDistance(r, knot, center);
        const lack = Math.max(0, distance - d) / distance;
        sum += lack * lack;
      }
      out[k] = (r.dt / r.substeps) * sum;
    }
  }
}

function toolDistance({ tool }: Rollouts, knot: number, [x, y, z]: Vec3): number {
  const i = 12 * knot;
  return Math.sqrt((tool[i + 3] - x) ** 2 + (tool[i + 7] - y) ** 2 + (tool[i + 11] - z) ** 2);
}

/** Distance of a point to the nearest capsule: to its axis segment, less its radius. */
function armDistance({ capsules, radius, nc }: Rollouts, knot: number, [x, y, z]: Vec3): number {
  let least = Infinity;
  for (let c = knot * nc; c < (knot + 1) * nc; c++) {
    const i = 6 * c;
    const ax = capsules[i];
    const ay = capsules[i + 1];
    const az = capsules[i + 2];
    const ux = capsules[i + 3] - ax;
    const uy = capsules[i + 4] - ay;
    const uz = capsules[i + 5] - az;
    const u2 = ux * ux + uy * uy + uz * uz;
    const t = u2 > 0 ? Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy + (z - az) * uz) / u2)) : 0;
    const d = Math.sqrt((x - ax - t * ux) ** 2 + (y - ay - t * uy) ** 2 + (z - az - t * uz) ** 2) - radius[c];
    if (d < least) least = d;
  }
  return least;
}

/** `keep_away: { from: puck, distance: 10 cm, part: arm }` */
export const keepAway: Plugin<KeepAwayConfig, KeepAwayConfig, CostTerm> = {
  schema,
  bind(config, { objects }) {
    if (typeof config.from === "string" && !objects.includes(config.from))
      throw new UnknownObjectError(config.from, objects, ["from"]);
    return config;
  },
  create: (spec) => new KeepAway(spec),
};
