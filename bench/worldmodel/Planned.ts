import type { Clock } from "../../src/core/Clock.js";
import type { Plan } from "../../src/core/Plan.js";
import type { Rng } from "../../src/core/Rng.js";
import type { State } from "../../src/core/State.js";
import { Level } from "../../src/planner/Level.js";
import { Objective, type WeightedCost } from "../../src/planner/Objective.js";
import type { Proposer } from "../../src/planner/Proposer.js";
import type { Search } from "../../src/planner/Search.js";
import { shifted } from "../../src/planner/shifted.js";
import { buildGuardrails } from "../../src/agent/buildGuardrails.js";
import type { Predictor } from "../../src/worldmodel/Predictor.js";
import type { Episode } from "./Episode.js";
import type { Policy } from "./Policy.js";
import type { World } from "./World.js";

/** What a planning policy is made of. */
export interface PlannedParts {
  readonly name: string;
  readonly predictor: Predictor;
  readonly search: Search;
  readonly H: number;
  readonly K: number;
  readonly dim: number;
  readonly no: number;
  /** The energy of an episode's goal. */
  costs(episode: Episode): WeightedCost[] | Promise<WeightedCost[]>;
  /** What is seen of the world now, added to what is known of the arm. */
  see?(state: State, world: World): Promise<State>;
}

/** The top level of an agent alone: it plans anew at every model step from what it sees, starting at the rest of its last plan. */
export class Planned implements Policy {
  readonly name: string;
  private level!: Level;
  private warm: Plan | undefined;
  private rng!: Rng;
  private readonly clock: Clock = { now: () => performance.now() / 1000 };

  constructor(private readonly parts: PlannedParts) {
    this.name = parts.name;
  }

  async begin(episode: Episode, world: World, rng: Rng): Promise<void> {
    const { predictor, search, H, K, dim, no, costs } = this.parts;
    const { arm } = world.setup;
    const objective = new Objective(await costs(episode), buildGuardrails(world.setup), { distance: 0.005, weight: 1 }, K);
    const proposer: Proposer = {
      propose: (from, { warm, round }) => {
        if (round > 0) return undefined;
        const stay = new Float64Array((H + 1) * arm.nq);
        for (let h = 0; h <= H; h++) stay.set(from.q, h * arm.nq);
        return warm === undefined ? [stay] : [shifted(warm, from.stamp, H, predictor.dt), stay];
      },
    };
    this.level = new Level({ name: this.name, H, K, nq: arm.nq, nc: arm.capsules.length, dim, no, predictor, objective, search, proposer });
    this.warm = undefined;
    this.rng = rng;
  }

  async act(world: World): Promise<Plan> {
    const state = world.state();
    const from = this.parts.see === undefined ? state : await this.parts.see(state, world);
    return (this.warm = await this.level.plan(from, undefined, { warm: this.warm, clock: this.clock, deadline: Infinity, rng: this.rng }));
  }
}
