import type { State } from "../../core/State.js";
import type { Seconds } from "../../core/Seconds.js";
import type { ProposalRequest, Proposer } from "./Proposer.js";
import { shiftPath } from "../shiftPath.js";
import type { PathSubgoal } from "../hierarchy/subgoals/PathSubgoal.js";

const RATES = [1, 0.6, 0.3, 0.1, 0.03, 0]; // of the fastest time; 0 is to stop

/** Initial guesses of a level with one above it: follow its path at several speeds, go on as before, or stop. */
export class FollowProposer implements Proposer {
  constructor(
    private readonly subgoal: PathSubgoal,
    private readonly H: number,
    private readonly dt: Seconds,
  ) {}

  propose(from: State, { warm, round }: ProposalRequest): readonly Float64Array[] | undefined {
    if (round > 0) return undefined;
    const { path, start } = this.subgoal;
    const n = from.q.length;
    const references: Float64Array[] = [];
    for (const rate of path === undefined ? [0] : RATES) {
      const reference = new Float64Array((this.H + 1) * n);
      for (let h = 0; h <= this.H; h++) {
        if (path === undefined || rate === 0) reference.set(from.q, h * n);
        else {
          path.sample(start + rate * h * this.dt, reference, h * n);
          // as if the arm stayed off by as much
          if (from.deviation !== undefined) for (let j = 0; j < n; j++) reference[h * n + j] -= from.deviation[j];
        }
      }
      references.push(reference);
    }
    if (warm !== undefined) references.push(shiftPath(warm, from.stamp, this.H, this.dt));
    return references;
  }
}
