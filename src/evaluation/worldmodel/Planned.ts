import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { goalTerms } from "../../agent/setup/goalTerms.js";
import { buildGuardrails } from "../../agent/setup/buildGuardrails.js";
import { intrinsic, searchOf } from "../../agent/setup/buildLevel.js";
import type { LevelConfig } from "../../agent/setup/AgentConfig.js";
import { clearlySeen, type EnergyConfig } from "../../cost/index.js";
import type { Clock } from "../../core/time/Clock.js";
import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Percept } from "../../core/Percept.js";
import type { State } from "../../core/State.js";
import type { ModelManifest } from "../../worldmodel/learned/onnx/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { Level } from "../../planner/hierarchy/Level.js";
import { LevelRunner } from "../../planner/hierarchy/LevelRunner.js";
import { Objective } from "../../planner/Objective.js";
import { WarmProposer } from "../../planner/proposals/WarmProposer.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import type { Episode } from "./Episode.js";
import type { Policy } from "./Policy.js";
import type { World } from "./World.js";

/** The parts of a planning policy: the agent's own level, another world model, and perception. */
export interface PlannedParts {
  readonly name: string;
  readonly level: LevelConfig; // as in the agent file
  readonly setup?: AgentSetup; // of the arm used for planning; default: the world's
  readonly energy: EnergyConfig;
  readonly predictor: Predictor;
  readonly samples?: number; // futures drawn for each sequence
  readonly objects: readonly string[]; // ids, in the predictor's order
  readonly latent: ModelManifest["latent"];
  /** Called when an episode begins. */
  begin?(): void;
  /** The encoded goal. */
  look(episode: Episode, view: string): Percept | Promise<Percept>;
  /** The state of the arm with the present percept. */
  see?(state: State, world: World, episode: Episode, view: string): Promise<State>;
  /** Whether the goal must be encoded again after the last image. */
  again?(): boolean;
  /** Gets every plan with the state that it starts from. The plan's time is that of the search alone. */
  tell?(plan: Plan, from: State, world: World): void | Promise<void>;
}

/**
 * The top level of an agent, without the levels below, built as the agent builds it. At every model step it plans again
 * from what it observes, and starts with the rest of its last plan.
 */
export class Planned implements Policy {
  readonly name: string;
  private level: LevelRunner | undefined;
  private rng!: Rng;
  private episode!: Episode;
  private view!: string;
  private readonly clock: Clock = { now: () => performance.now() / 1000 };

  constructor(private readonly parts: PlannedParts) {
    this.name = parts.name;
  }

  async begin(episode: Episode, view: string, world: World, rng: Rng): Promise<void> {
    const { parts } = this;
    this.episode = episode;
    this.view = view;
    this.level = undefined;
    this.rng = rng;
    parts.begin?.();
    await parts.see?.(world.state(), world, episode, view); // an agent has received images before a task starts
    await this.aim(world);
  }

  /** The level, for the goal as it is encoded now. */
  private async aim(world: World): Promise<void> {
    const { episode, view } = this;
    const { level: config, energy, predictor, samples, objects, latent, name } = this.parts;
    const { setup = world.setup } = this.parts;
    const camera = episode.views.get(view)!;
    const { arm } = setup;
    const asked = { match: "all", tolerance: 0.03 } as const;
    const seen = clearlySeen(await this.parts.look(episode, view), asked);
    const picture = { width: camera.width, height: camera.height, data: episode.goal.images.get(view)! };
    const terms = [
      ...intrinsic(config, setup, { nq: arm.nq, limits: arm.limits }),
      ...goalTerms(
        [{ kind: "goal_image", spec: { picture, ...asked, seen } }],
        energy,
        { objects: [...objects], latent },
        { nq: arm.nq, limits: arm.limits },
      ),
    ];
    const K = Math.max(config.search.samples, 16);
    const next = new Level({
      name,
      H: config.horizon,
      K,
      nq: arm.nq,
      nc: arm.capsules.length,
      dim: latent.dim,
      no: objects.length,
      samples,
      predictor,
      objective: new Objective(terms, buildGuardrails(setup), config.clearance, K, new Sweep(arm), arm.nq),
      search: searchOf(config),
      proposer: new WarmProposer(config.horizon, config.dt),
    });
    const { level: before, rng } = this;
    this.level = new LevelRunner({ level: next, rng, isTop: true, sees: this.parts.see !== undefined }, before?.plan);
  }

  async act(world: World): Promise<Plan> {
    const { parts, clock } = this;
    const begun = clock.now();
    const state = world.state();
    const from = parts.see === undefined ? state : await parts.see(state, world, this.episode, this.view);
    if (parts.again?.()) await this.aim(world);
    const { plan } = await this.level!.replan(from, { clock, deadline: Infinity });
    await parts.tell?.(plan, from, world);
    return { ...plan, time: clock.now() - begun }; // includes perception
  }
}
