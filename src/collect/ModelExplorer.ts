import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { buildLevel } from "../agent/setup/buildLevel.js";
import type { LevelConfig } from "../agent/setup/AgentConfig.js";
import type { CollectConfig } from "../config/index.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import type { Percept } from "../core/Percept.js";
import { Posture } from "../kinematics/Posture.js";
import type { LearnedModel } from "../worldmodel/learned/onnx/index.js";
import { LatentMemory } from "../perception/LatentMemory.js";
import type { LevelRunner } from "../planner/hierarchy/LevelRunner.js";
import { ActionNoise } from "./ActionNoise.js";
import type { Explorer, ExplorerView, Pushable, Thing } from "./Explorer.js";
import { PushExplorer } from "./PushExplorer.js";

const DISTANCE = { low: 0.05, high: 0.15 }; // m from an object to where it shall be
const REACHED = 0.02; // m from there, as the model sees it
const PATIENCE = 12; // steps for one goal
const FLAT = 0.15; // share of the noise upward while the tool is low: it would leave what it pushes
const timeless = { now: () => 0 }; // no search is cut short: same seed, same plan

/** Goal position of an object. */
export interface ObjectGoal {
  readonly object: string;
  readonly position: readonly [x: number, y: number]; // m, base frame
}

/**
 * Acts as the agent would: at every model step the top level of the learned agent replans with the given model, from
 * its perception and memory, to bring an object to a goal position. The first action of the plan is executed, with
 * correlated noise. The object, and its goal at some distance from where the model sees it and within `objects`, are
 * drawn again when the goal is reached, or after some steps. The tool starts as in `PushExplorer`.
 */
export class ModelExplorer implements Explorer {
  readonly purpose = "plan";
  private readonly setup: AgentSetup;
  private readonly begin: PushExplorer;
  private readonly noise: ActionNoise;
  private readonly memory: LatentMemory;
  private readonly posture: Posture;
  private aim: { readonly goal: ObjectGoal; readonly level: LevelRunner; steps: number } | undefined;

  /** @param level the top one of the learned agent; the collection defines what an action means */
  constructor(
    private readonly config: CollectConfig,
    private readonly things: Pushable,
    private readonly rng: Rng,
    setup: AgentSetup,
    private readonly model: LearnedModel,
    level: LevelConfig,
  ) {
    const { memory, noise } = config.explorer;
    const planned = {
      ...level,
      tool: config.tool,
      dt: config.dt,
      horizon: Math.min(level.horizon, model.manifest.horizon),
    } as LevelConfig;
    this.setup = { ...setup, agent: { ...setup.agent, levels: [planned] }, learned: model.manifest };
    this.begin = new PushExplorer(config, things, rng.fork());
    this.noise = new ActionNoise(config.tool.axes.length, memory, rng.range(noise.low, noise.high), rng.fork());
    this.memory = new LatentMemory(model, setup.arm);
    this.posture = new Posture(setup.arm);
  }

  /** The present goal. */
  get goal(): ObjectGoal | undefined {
    return this.aim?.goal;
  }

  start(objects: readonly Thing[]): Vec3 {
    return this.begin.start(objects);
  }

  /** @throws ModelError if the model is for another camera, arm or time step */
  async act(a: Float32Array, { stamp, image, q, v, tool }: ExplorerView): Promise<void> {
    const { manifest } = this.model;
    const percept = await this.memory.see({ stamp, ...manifest.image, data: image }, this.posture.of(q));
    const aim = (this.aim = this.pursued(percept));
    aim.steps++;
    const from = { stamp, q, v, percept: { z: percept.z, q }, objects: new Map(), bodies: [] };
    const { plan } = await aim.level.replan(from, { clock: timeless, deadline: Infinity });
    const { axes } = this.config.tool;
    const noise = this.noise.next();
    const low = tool[2] < this.things.top;
    for (let u = 0; u < a.length; u++) {
      const planned = plan.feasible ? plan.a[u] : 0;
      a[u] = Math.max(-1, Math.min(1, planned + noise[u] * (low && axes[u] === "z" ? FLAT : 1)));
    }
  }

  /** The present goal, or a new one if it is reached or given up. */
  private pursued({ objects }: Percept): NonNullable<ModelExplorer["aim"]> {
    const { aim } = this;
    if (aim !== undefined && aim.steps < PATIENCE) {
      const {
        object,
        position: [x, y],
      } = aim.goal;
      const { position: p } = objects.find(({ id }) => id === object)!;
      if (Math.hypot(p[0] - x, p[1] - y) > REACHED) return aim;
    }
    const goal = this.draw(objects);
    const spec = { object: goal.object, position: [...goal.position], tolerance: REACHED };
    const task = {
      name: "explore",
      hold: 0,
      timeout: Infinity,
      goal: [{ kind: "object_at" as const, spec }],
      costs: [],
      guardrails: [],
    };
    return { goal, level: buildLevel(this.setup, 0, task, this.rng, { world: this.model }), steps: 0 };
  }

  private draw(objects: Percept["objects"]): ObjectGoal {
    const { rng, config } = this;
    const { low, high } = config.objects;
    const { id: object, position: p } = objects[Math.floor(rng.uniform() * objects.length)];
    const far = rng.range(DISTANCE.low, DISTANCE.high);
    let position: ObjectGoal["position"] = [p[0], p[1]];
    for (let i = 0; i < 100; i++) {
      const turn = rng.range(-Math.PI, Math.PI);
      position = [p[0] + far * Math.cos(turn), p[1] + far * Math.sin(turn)];
      if (position.every((x, c) => x >= low[c] && x <= high[c])) break;
    }
    return { object, position: [clip(position[0], low[0], high[0]), clip(position[1], low[1], high[1])] };
  }
}

const clip = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
