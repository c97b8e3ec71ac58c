import { readFileSync } from "node:fs";
import { loadSetup, type AgentSetup } from "../../agent/setup/AgentSetup.js";
import { kinematicOf } from "../../agent/setup/buildLevel.js";
import { learnedLevel } from "../../agent/setup/loadModels.js";
import { loadAgentConfig, type LevelConfig } from "../../agent/setup/AgentConfig.js";
import { loadCollectConfig, loadSceneConfig, type CollectConfig } from "../../config/index.js";
import type { ToolKeys } from "../../planner/hierarchy/kinds/toolDisplacement.js";
import { parseUrdf } from "../../kinematics/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import { ToolDisplacement } from "../../worldmodel/analytic/ToolDisplacement.js";
import { drawEpisode } from "./drawEpisode.js";
import type { Episode } from "./Episode.js";
import { HandPhysics } from "./HandPhysics.js";
import { ToolScript } from "./ToolScript.js";
import { World } from "./World.js";
import { planLatency } from "../../agent/setup/planLatency.js";

const AGENT = "learned"; // the agent whose top level is measured

/** What all cells of the bench share: one world, the measured level, and the tasks. */
export class Bench {
  private readonly drawn = new Map<string, Episode>();

  private constructor(
    readonly collection: CollectConfig, // it describes the world
    readonly world: World,
    readonly level: LevelConfig & ToolKeys,
    readonly physics: HandPhysics,
    readonly kinematic: ToolDisplacement,
    readonly script: ToolScript,
    readonly seed: number,
  ) {}

  /** @param name a configuration of `telos collect`; it gives the scene and its random draws */
  static async create(seed: number, name = "pucks"): Promise<Bench> {
    const collection = loadCollectConfig(name);
    const scene = loadSceneConfig(collection.scene);
    const agent = loadAgentConfig(AGENT);
    const level = learnedLevel(agent) as (LevelConfig & ToolKeys) | undefined;
    if (level?.model !== "tool_displacement")
      throw new Error(`agent ${AGENT}: got a learned level of ${level?.model ?? "none"}, want tool_displacement`);
    const setup: AgentSetup = {
      ...loadSetup({ robot: scene.robot, agent: "default", scene: collection.scene }),
      agent,
    }; // the agent's own model is not needed here
    const world = await World.create(setup, scene, collection.random.slip);
    const physics = await HandPhysics.create(parseUrdf(readFileSync(setup.robot.urdf!, "utf8")), world.simulation);
    const { axes, step, box } = level.tool;
    const kinematic = new ToolDisplacement(setup.arm, new Sweep(setup.arm), {
      axes,
      step,
      ...box,
      dt: level.dt,
      substeps: level.knots,
      latency: planLatency(agent.reflex),
    });
    return new Bench(collection, world, level, physics, kinematic, new ToolScript(kinematic, setup.arm, step), seed);
  }

  get objects(): readonly string[] {
    return this.world.scene.objects.map((o) => o.id);
  }

  /** A kinematic model of the arm, for one planner alone. */
  motion(): Predictor {
    return kinematicOf(this.level, this.world.setup, new Sweep(this.world.setup.arm));
  }

  /** The i-th task of a kind. Its seeds are far from those of `telos collect`, which count from 1. */
  episode(kind: Episode["kind"], i: number): Episode {
    const key = `${kind} ${i}`;
    let episode = this.drawn.get(key);
    if (episode === undefined)
      this.drawn.set(
        key,
        (episode = drawEpisode(kind, 1_000_000 + 1000 * this.seed + i, this.world, this.kinematic, this.script)),
      );
    return episode;
  }

  dispose(): void {
    this.physics.dispose();
    this.world.dispose();
  }
}
