import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { State } from "../../core/State.js";

/** What a proposer may look at. */
export interface ProposalRequest {
  readonly above: Plan | undefined; // plan of the level above
  readonly warm: Plan | undefined; // this level's last plan
  readonly rng: Rng;
  readonly round: number;
  readonly haste?: boolean; // the best of a few will do
  expired(): boolean; // the deadline has passed
}

/**
 * Where a search may begin: joint paths worth trying. They only start the search; the energy evaluates them like any
 * other. Round 0 holds the obvious ones; later rounds are asked for as long as nothing admissible is known, until there
 * are no more ideas.
 */
export interface Proposer {
  /** @returns references [H+1,nq], rad, each beginning at from.q; undefined when ideas end */
  propose(from: State, request: ProposalRequest): readonly Float64Array[] | undefined;
}
