import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { ProposalRequest, Proposer } from "./Proposer.js";
import { shiftPath } from "../shiftPath.js";

/**
 * Initial guesses of a level that has only its world model: the rest of the last plan, or to stay. The search does the
 * rest.
 */
export class WarmProposer implements Proposer {
  constructor(
    private readonly H: number,
    private readonly dt: Seconds,
  ) {}

  propose(from: State, { warm, round }: ProposalRequest): readonly Float64Array[] | undefined {
    if (round > 0) return undefined;
    const n = from.q.length;
    const stay = Float64Array.from({ length: (this.H + 1) * n }, (_, i) => from.q[i % n]);
    return warm === undefined ? [stay] : [shiftPath(warm, from.stamp, this.H, this.dt), stay];
  }
}
