import type { Plan } from "../core/Plan.js";

const none = { a: new Float32Array(0), q: new Float64Array(0), v: new Float64Array(0), z: new Float32Array(0) };

/** Sent to the reflex if there is no admissible plan: it recovers from a guardrail that is violated at rest. */
export const nowherePlan: Plan = {
  level: "proposal",
  stamp: 0,
  dt: 1,
  H: 0,
  substeps: 1,
  nu: 0,
  nq: 0,
  ...none,
  energy: 0,
  energies: {},
  feasible: false,
  iterations: 0,
  rollouts: 0,
  time: 0,
};
