import type { Seconds } from "./Seconds.js";

/** What keeps every plan of a search from being admissible: the guardrail that the best of them breaks most. */
export interface Obstruction {
  readonly by: string; // its name
  readonly who: string; // of whom or what, in words; "" where that is not known
  readonly margin: number;
  readonly unit: string;
  // whether it is they alone, who may leave: nothing else is in the way, or even to stand still is too near
  readonly people: boolean;
}

/** The best imagined future of one level. Plain data: it crosses threads and is what is published and remembered. */
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
  // [H+1,no,3] m, base frame: where objects go, of models that predict it
  readonly predicted?: { readonly ids: readonly string[]; readonly positions: Float64Array };
  readonly timed?: boolean; // to be gone on its own time; else as fast as whoever follows can
  readonly energy: number; // weighted sum
  readonly energies: Readonly<Record<string, number>>; // by cost term, weighted
  readonly feasible: boolean; // every guardrail holds along it
  readonly obstruction?: Obstruction; // where it is not feasible
  readonly iterations: number;
  readonly rollouts: number;
  readonly time: Seconds; // spent searching
}
