import type { Seconds } from "./Seconds.js";

/** Why no plan of a search is admissible: the guardrail that the best plan violates most. */
export interface Obstruction {
  readonly by: string; // its name
  readonly who: string; // the person or thing, in words; "" if unknown
  readonly margin: number;
  readonly unit: string;
  // whether only bodies are in the way, which may leave, or the arm is too near to them even at rest
  readonly people: boolean;
}

/** The best predicted future of one level. Plain data: it is sent between threads, published and logged. */
export interface Plan {
  readonly level: string;
  readonly stamp: Seconds; // when its first state holds
  readonly dt: Seconds; // between actions
  readonly H: number;
  readonly substeps: number; // kinematic knots per action
  readonly nu: number;
  readonly nq: number;
  readonly a: Float32Array; // [H,nu] normalised actions in [-1,1]
  readonly q: Float64Array; // [H·substeps+1,nq] rad
  readonly v: Float64Array; // [H·substeps+1,nq] rad/s
  readonly z: Float32Array; // [H+1,dim]
  // [H+1,no,3] m, base frame: predicted objects, for models that predict them
  readonly predicted?: { readonly ids: readonly string[]; readonly positions: Float64Array };
  readonly timed?: boolean; // to be followed on its own time; else as fast as possible
  readonly energy: number; // weighted sum
  readonly energies: Readonly<Record<string, number>>; // by cost term, weighted
  readonly feasible: boolean; // every guardrail holds along it
  readonly obstruction?: Obstruction; // where it is not feasible
  readonly iterations: number;
  readonly rollouts: number;
  readonly time: Seconds; // spent searching
}
