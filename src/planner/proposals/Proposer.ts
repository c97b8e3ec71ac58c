import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { State } from "../../core/State.js";

/** Inputs of a proposer. */
export interface ProposalRequest {
  readonly above: Plan | undefined; // plan of the level above
  readonly warm: Plan | undefined; // this level's last plan
  readonly rng: Rng;
  readonly round: number;
  readonly haste?: boolean; // the best of a few is enough
  expired(): boolean; // whether the deadline has passed
}

/**
 * Initial guesses for a search: joint paths worth trying. They only start the search; the energy evaluates them like
 * any other. Round 0 holds the obvious ones. Later rounds are requested as long as nothing admissible is known, until
 * there are none left.
 */
export interface Proposer {
  /** @returns references [H+1,nq], rad, each beginning at from.q; undefined if there are none left */
  propose(from: State, request: ProposalRequest): readonly Float64Array[] | undefined;
}
