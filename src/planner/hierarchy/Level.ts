import type { Clock } from "../../core/time/Clock.js";
import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Rollouts } from "../../core/Rollouts.js";
import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import { rolloutsFor } from "../../worldmodel/rolloutsFor.js";
import { FORBIDDEN, type Objective } from "../Objective.js";
import type { Proposer } from "../proposals/Proposer.js";
import type { Problem, Search } from "../search/Search.js";
import type { Subgoal } from "./subgoals/Subgoal.js";

/** Parts of a level. */
export interface LevelParts {
  readonly name: string;
  readonly H: number;
  readonly K: number; // rollouts per batch
  readonly nq: number; // joints of the arm
  readonly nc: number; // its capsules
  readonly dim: number; // of the latent state
  readonly no?: number; // objects that the predictor predicts
  readonly samples?: number; // futures that it draws for each sequence
  readonly predictor: Predictor;
  readonly objective: Objective;
  readonly search: Search;
  readonly proposer: Proposer;
  readonly subgoal?: Subgoal; // among the objective's terms, if a level is above
}

/**
 * One level of the hierarchy: model-predictive control over its own time scale. Every level has this type; the top
 * one's objective is the task, every other's is the distance to what the level above predicts.
 *
 *     a* = argmin_a E(predict(x, a)),   a ∈ [−1,1]^{H×nu} mapped onto admissible actions by the predictor
 */
export class Level {
  readonly name: string;
  private readonly rollouts: Rollouts;
  private readonly problem: Problem;
  private from!: State;

  constructor(private readonly parts: LevelParts) {
    const { H, K, predictor, objective, nq, nc, dim, no, samples } = parts;
    this.name = parts.name;
    const r = (this.rollouts = rolloutsFor(predictor, { K, H, nq, nc, dim, no, S: samples }));
    const energy = new Float64Array(K);
    const evaluate = (k: number): void => objective.evaluate(r, k, energy, predictor.expected?.(r));
    this.problem = {
      H,
      K,
      nu: predictor.nu,
      a: r.a,
      energy,
      evaluate: (k) => {
        const predicted = predictor.predict(this.from, r, k);
        return predicted === undefined ? evaluate(k) : predicted.then(() => evaluate(k));
      },
    };
  }

  /**
   * Plans from a state, under the plan of the level above. `warm` is the level's last plan. The deadline may only cut
   * the search short. In haste the plan is the best of a few initial guesses.
   */
  async plan(
    from: State,
    above: Plan | undefined,
    o: { warm?: Plan; clock: Clock; deadline: Seconds; rng: Rng; haste?: boolean },
  ): Promise<Plan> {
    const { H, predictor, objective, proposer, search, subgoal } = this.parts;
    const { clock, warm, rng, deadline, haste } = o;
    const begun = clock.now();
    this.from = from;
    predictor.draw?.(rng.fork());
    objective.begin(from);
    if (above !== undefined) subgoal?.aim(above, from);
    const expired = (): boolean => clock.now() > deadline;
    const proposals = (round: number): Float32Array[] | undefined =>
      proposer.propose(from, { above, warm, rng, round, haste, expired })?.map((reference) => {
        const a = new Float32Array(H * predictor.nu);
        predictor.actionsFromPath(from, reference, H, a, 0);
        return a;
      });
    const found = await search.minimise(this.problem, { proposals, rng, clock, deadline, haste, limit: FORBIDDEN });
    const r = this.rollouts;
    r.a.set(found.a);
    await this.problem.evaluate(1);
    const energy = this.problem.energy[0];
    return {
      level: this.name,
      stamp: from.stamp,
      dt: predictor.dt,
      H,
      substeps: predictor.substeps,
      nu: predictor.nu,
      nq: r.nq,
      a: found.a.slice(),
      q: r.q.slice(0, r.N * r.nq),
      v: r.v.slice(0, r.N * r.nq),
      z: r.z.slice(0, (H + 1) * r.dim),
      predicted:
        r.predicted.length > 0 ? { ids: r.predicted, positions: r.objects.slice(0, (H + 1) * r.no * 3) } : undefined,
      timed: predictor.timed ?? false,
      energy,
      energies: objective.energies(r, predictor.expected?.(r)),
      feasible: energy < FORBIDDEN,
      obstruction: energy < FORBIDDEN ? undefined : objective.obstruction(r),
      iterations: found.iterations,
      rollouts: found.rollouts + 1,
      time: clock.now() - begun,
    };
  }
}
