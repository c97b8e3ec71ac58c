import { planLatency } from "../agent/setup/planLatency.js";
import { loadSetup, type AgentSetup } from "../agent/setup/AgentSetup.js";
import { loadDescription } from "../agent/robot/loadDescription.js";
import { buildGuardrails } from "../agent/setup/buildGuardrails.js";
import { Reflex } from "../reflex/Reflex.js";
import { trackingError } from "../agent/robot/trackingError.js";
import {
  loadSceneConfig,
  sceneCameras,
  type CameraConfig,
  type CollectConfig,
  type SceneConfig,
} from "../config/index.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { Sweep } from "../kinematics/Sweep.js";
import { SceneCamera, SimRobot, Simulation, Slips } from "../sim/index.js";
import { JointDisplacement } from "../worldmodel/analytic/JointDisplacement.js";
import { ToolDisplacement } from "../worldmodel/analytic/ToolDisplacement.js";
import { actionPlan } from "./actionPlan.js";
import { drawEpisode, drift, type EpisodeWorld } from "./drawEpisode.js";
import type { Episode, Frame, JointSample, Sent } from "./Episode.js";
import { episodeRng } from "./episodeRng.js";
import { explore } from "./explore.js";
import type { MakeExplorer, Pushable } from "./Explorer.js";

const JOINT_STATES = 2; // reflex periods from one recorded joint state to the next
const DEPTH = 16; // cells along each side
// the safety filter sweeps what is sent; the capsules of the plans themselves are not needed
const still = { fill: (): void => undefined };

/**
 * Runs episodes in the simulator, in one thread and on simulated time: explorer → displacement of tool or joints →
 * reflex with the safety filter → controller, as in the agent. The same configuration, seed and number give the same
 * episode, bit for bit, whatever ran before.
 */
export class Collector {
  private readonly tool: ToolDisplacement;
  private readonly arm: JointDisplacement;
  private readonly camera: SceneCamera;
  private readonly things: Pushable;
  private readonly ticks: number; // reflex periods in a model step

  private constructor(
    readonly config: CollectConfig,
    readonly setup: AgentSetup,
    readonly urdf: string,
    private readonly scene: SceneConfig,
    private readonly view: CameraConfig,
    private readonly robot: SimRobot,
    private readonly explorer: MakeExplorer,
  ) {
    const { tool, dt, knots } = config;
    const { period } = setup.agent.reflex,
      latency = planLatency(setup.agent.reflex);
    this.ticks = Math.round(dt / period);
    if (Math.abs(this.ticks * period - dt) > 1e-9)
      throw new RangeError(`dt: got ${dt} s, want a whole number of the reflex's periods (${period} s)`);
    this.arm = new JointDisplacement(setup.arm.limits, still, dt, knots, latency);
    this.tool = new ToolDisplacement(setup.arm, still, {
      axes: tool.axes,
      step: tool.step,
      ...tool.box,
      dt,
      substeps: knots,
      latency,
    });
    this.camera = new SceneCamera(config.camera, view);
    this.things = pushable(scene);
  }

  /** @throws ConfigError; RangeError if the configuration does not fit the scene */
  static async create(config: CollectConfig, explorer: MakeExplorer = explore): Promise<Collector> {
    const scene = loadSceneConfig(config.scene);
    const view = sceneCameras(scene)[config.camera];
    if (view === undefined)
      throw new RangeError(
        `camera: got '${config.camera}', want one of scene ${scene.name}: ` +
          `${Object.keys(sceneCameras(scene)).join(", ") || "(it has none)"}`,
      );
    const setup = loadSetup({ robot: scene.robot, agent: config.agent, scene: config.scene });
    const { text, urdf, arm } = loadDescription(setup.robot.name, setup.robot);
    const simulation = await Simulation.create({ urdf, arm, scene, seed: 0, contacts: false, sleep: true });
    return new Collector(config, setup, text, scene, view, new SimRobot(simulation, { cameras: false }), explorer);
  }

  get jointNames(): readonly string[] {
    return this.setup.arm.jointNames;
  }

  dispose(): void {
    this.robot.simulation.dispose();
  }

  /** Runs one episode. It ends early only if the arm has a fault. */
  async live(seed: number, number: number): Promise<Episode> {
    const { config, setup, robot, ticks } = this;
    const { simulation } = robot;
    const rng = episodeRng(seed, number);
    const world = drawEpisode(config, this.scene, this.view, rng.fork());
    const explorer = this.explorer(config, this.things, rng.fork(), setup);
    const slips = config.random.slip && new Slips(simulation, config.random.slip, rng.fork());
    const q = setup.arm.home.slice();
    this.tool.posture(q, explorer.start(world.scene.objects));
    simulation.reset({ scene: { ...world.scene, start: [...q] }, seed: number });
    this.camera.view = world.view;
    this.camera.lighting = world.lighting;
    const reflex = this.reflex();
    const { period, lead } = setup.agent.reflex;
    const frames: Frame[] = [this.frame(world)],
      joints: JointSample[] = [this.joints()],
      sent: Sent[] = [];
    const contact: boolean[] = [];
    const model = explorer.joints ? this.arm : this.tool;
    const action = new Float32Array(model.nu);
    for (let step = 0; step < config.steps && reflex.state.mode === "active"; step++) {
      await explorer.act(action, { ...frames[step], q: simulation.q.slice(), v: simulation.v.slice() });
      const from = this.anchor(reflex, simulation.time + lead);
      reflex.follow(actionPlan(model, from, action, period));
      const touched = simulation.touching;
      const commanded: Sent = { stamp: simulation.time + lead, dt: period, q: [], v: [] };
      for (let i = 0; i < ticks; i++) {
        if (i === ticks >> 1) slips?.strike();
        const now = simulation.time;
        const state = this.state(now, simulation.q.slice(), simulation.v.slice());
        reflex.observe(now, state.q, state.v);
        const command = reflex.tick(now + lead, state);
        if (command !== undefined) reflex.commit(robot.send(command));
        commanded.q.push(reflex.q.slice());
        commanded.v.push(reflex.v.slice());
        simulation.step(period);
        if ((i + 1) % JOINT_STATES === 0) joints.push(this.joints());
      }
      sent.push(commanded);
      contact.push(simulation.touching > touched);
      frames.push(this.frame(world));
    }
    return {
      seed,
      number,
      purpose: explorer.purpose,
      world,
      frames,
      joints,
      sent,
      contact,
      limited: reflex.limited,
      stopped: reflex.stopped,
      trips: reflex.trips,
      end: reflex.state.mode === "active" ? "complete" : reflex.reason.by,
    };
  }

  private reflex(): Reflex {
    const { arm, agent, robot } = this.setup;
    const reflex = new Reflex({
      limits: arm.limits,
      sweep: new Sweep(arm),
      guardrails: buildGuardrails(this.setup),
      dt: agent.reflex.period,
      staleAfter: agent.perception.stale_after,
      trackingError: trackingError(this.setup),
      delay: robot.controller.delay,
    });
    reflex.apply("configure");
    reflex.apply("activate");
    return reflex;
  }

  /** Start of the next action: the state last commanded, or at first the measured one. */
  private anchor(reflex: Reflex, stamp: Seconds): State {
    const { stamp: since } = reflex.commanded;
    if (since === -Infinity)
      return this.state(stamp, this.robot.simulation.q.slice(), new Float64Array(this.setup.arm.nq));
    return this.state(since, reflex.q.slice(), reflex.v.slice());
  }

  private state(stamp: Seconds, q: Float64Array, v: Float64Array): State {
    return { stamp, q, v, objects: new Map(), bodies: [] };
  }

  private frame({ texture }: EpisodeWorld): Frame {
    const {
      camera,
      robot: { simulation },
    } = this;
    const { width, height } = camera.view;
    camera.backdrop = texture && { width, height, data: drift(texture, simulation.time, width, height) };
    return {
      stamp: simulation.time,
      image: camera.shoot(simulation),
      depth: this.config.depth ? camera.depth(simulation, DEPTH) : undefined,
      tool: simulation.tool().position,
      objects: simulation.objects(),
    };
  }

  private joints(): JointSample {
    const { simulation } = this.robot;
    const other = simulation.otherJoints();
    return {
      stamp: simulation.time,
      names: [...simulation.arm.jointNames, ...other.names],
      q: [...simulation.q, ...other.positions],
      v: [...simulation.v, ...other.velocities],
    };
  }
}

/** The largest of the scene's objects, seen from above. */
function pushable(scene: SceneConfig): Pushable {
  let radius = 0,
    height = 0;
  for (const o of scene.objects) {
    const [r, h] = extent(o);
    ((radius = Math.max(radius, r)), (height = Math.max(height, o.position[2] + h / 2)));
  }
  return { radius, top: height };
}

/** Radius seen from above and height of an object as it stands, m. */
function extent(o: SceneConfig["objects"][number]): readonly [number, number] {
  switch (o.kind) {
    case "cylinder":
    case "cup":
      return [o.config.radius, o.config.height];
    case "box":
    case "bin":
      return [Math.hypot(o.config.size[0], o.config.size[1]) / 2, o.config.size[2]];
    case "sphere":
      return [o.config.radius, 2 * o.config.radius];
    case "capsule": {
      const { p0, p1, radius } = o.config;
      return [Math.hypot(p1[0] - p0[0], p1[1] - p0[1]) / 2 + radius, 2 * radius];
    }
  }
}
