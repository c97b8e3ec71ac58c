import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";

/**
 * An agent's request to a separate guard: telos_interfaces/Proposal without its wire format. Nothing in it has been
 * checked.
 */
export interface Proposal {
  readonly stamp: Seconds; // when it was sent
  readonly kind: "stop" | "follow" | "recover" | undefined; // undefined: none of them
  readonly jointNames: readonly string[];
  readonly start: Seconds; // when the first knot holds
  readonly dt: Seconds; // between knots
  readonly positions: ArrayLike<number>; // [N,n] rad
  readonly velocities: ArrayLike<number>; // [N,n] rad/s
  readonly guardrails: string; // the task's, a YAML or JSON list
}

const nothing = { jointNames: [], start: 0, dt: 0, positions: [], velocities: [] };

/** @param plan of the lowest level; undefined: stop */
export function proposalOf(
  plan: Plan | undefined,
  jointNames: readonly string[],
  guardrails: string,
  stamp: Seconds,
): Proposal {
  if (plan === undefined) return { stamp, kind: "stop", guardrails, ...nothing };
  if (!plan.feasible) return { stamp, kind: "recover", guardrails, ...nothing };
  return {
    stamp,
    kind: "follow",
    guardrails,
    jointNames,
    start: plan.stamp,
    dt: plan.dt / plan.substeps,
    positions: plan.q,
    velocities: plan.v,
  };
}
