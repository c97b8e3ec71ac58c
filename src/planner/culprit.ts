import type { Rollouts } from "../core/Rollouts.js";
import type { Guardrail } from "../guardrails/Guardrail.js";

/**
 * The person or mover whose margin a guardrail finds least on the first path, in words; "" if it is not about people.
 */
export function culprit(guardrail: Guardrail, r: Rollouts, enough: number): string {
  const { from } = r;
  if (!guardrail.urgent || from.bodies.length === 0) return "";
  const out = new Float64Array(1);
  let worst = from.bodies[0],
    least = Infinity;
  for (const body of from.bodies) {
    r.from = { ...from, bodies: [body] };
    guardrail.margin(r, out, 1, enough);
    if (!(out[0] >= least)) ((worst = body), (least = out[0]));
  }
  r.from = from;
  const age = from.stamp - worst.stamp;
  return `${worst.kind} ${worst.id}${age > 0.5 ? `, last reported ${age.toFixed(1)} s ago` : ""}`;
}
