import type { z } from "zod";
import type { Clock } from "../../core/time/Clock.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";

/** An energy to be minimised over action sequences a ∈ [−1,1]^{H·nu}. */
export interface Problem {
  readonly H: number;
  readonly nu: number;
  readonly K: number; // maximum sequences per call
  readonly a: Float32Array; // [K,H,nu] in
  readonly energy: Float64Array; // [K] out
  /** Fills energy[0..K) from a. */
  evaluate(K: number): void | Promise<void>;
}

/** Inputs of a search, and when it must end. */
export interface SearchOptions {
  /**
   * Sequences [H,nu] to evaluate first. Round 0 always; later rounds while nothing admissible is known, until
   * undefined.
   */
  proposals(round: number): readonly Float32Array[] | undefined;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly deadline: Seconds; // may only cut iterations short
  readonly limit: number; // energies at or above it break a guardrail
  readonly haste?: boolean; // the best initial guess is enough
}

/** Result of a search. */
export interface Solution {
  readonly a: Float32Array; // [H,nu] the best sequence ever evaluated
  readonly energy: number;
  readonly iterations: number;
  readonly rollouts: number;
}

/**
 * Inference is search: finds low-energy action sequences. Pure: same problem, options and seed give the same solution
 * (deadline aside).
 */
export interface Search {
  minimise(problem: Problem, options: SearchOptions): Promise<Solution>;
}

/** A kind of search, named by `search: { method: … }` of a level. */
export interface SearchKind<Options = unknown> {
  readonly describe: string; // what it does
  readonly keys: z.ZodRawShape; // its options, with their defaults
  make(options: Options): Search;
}
