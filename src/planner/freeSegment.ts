import type { JointLimits } from "../core/JointLimits.js";
import { Rollouts } from "../core/Rollouts.js";
import type { State } from "../core/State.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import type { FreeSegment } from "./RrtConnect.js";

const SPACING = 0.04; // s of travel between knots
const LONGEST = 24; // knots checked in one go

/** Straight joint paths judged by the guardrails themselves, swept volume included. */
export function freeSegment(
  limits: JointLimits,
  sweep: { readonly nc: number; fill(r: Rollouts, K?: number): void },
  guardrails: readonly Guardrail[],
  from: () => State,
): FreeSegment {
  const n = limits.lo.length;
  const paths = Array.from({ length: LONGEST + 1 }, (_, H) => new Rollouts(1, Math.max(1, H), 1, SPACING, 0, n, sweep.nc, 0));
  const out = new Float64Array(1);
  const holds = (a: Float64Array, b: Float64Array, u0: number, u1: number, H: number): boolean => {
    const r = paths[H];
    r.from = from();
    r.quasistatic = true;
    let slowest = 0;
    for (let j = 0; j < n; j++) slowest = Math.max(slowest, Math.abs(b[j] - a[j]) / limits.acceleration[j]);
    r.exposure.fill((slowest * (u1 - u0)) / (H * SPACING));
    for (let h = 0; h <= H; h++) {
      const u = u0 + ((u1 - u0) * h) / H;
      for (let j = 0; j < n; j++) {
        r.q[h * n + j] = a[j] + u * (b[j] - a[j]);
        r.v[h * n + j] = ((b[j] - a[j]) * (u1 - u0)) / (H * SPACING);
      }
    }
    sweep.fill(r);
    return guardrails.every((g) => {
      g.margin(r, out, 1);
      return out[0] >= 0;
    });
  };
  return (a, b) => {
    let travel = 0;
    for (let j = 0; j < n; j++) travel = Math.max(travel, Math.abs(b[j] - a[j]) / limits.velocity[j]);
    const total = Math.max(1, Math.ceil(travel / SPACING));
    for (let done = 0; done < total; done += LONGEST) {
      const H = Math.min(LONGEST, total - done);
      if (!holds(a, b, done / total, (done + H) / total, H)) return false;
    }
    return true;
  };
}
