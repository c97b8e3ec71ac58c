import { readFileSync } from "node:fs";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { armOptions } from "../../agent/robot/armOptions.js";
import { buildGuardrails } from "../../agent/setup/buildGuardrails.js";
import { Reflex } from "../../reflex/Reflex.js";
import { startState } from "../../reflex/startState.js";
import { trackingError } from "../../agent/robot/trackingError.js";
import { drift } from "../../collect/drawEpisode.js";
import { sceneCameras, type SceneConfig, type SlipConfig } from "../../config/index.js";
import type { Belief } from "../../core/Belief.js";
import type { Plan } from "../../core/Plan.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { State } from "../../core/State.js";
import { armFromUrdf, parseUrdf } from "../../kinematics/index.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { SceneCamera, SimRobot, Simulation, Slips } from "../../sim/index.js";
import type { View } from "./View.js";

/**
 * The embedded simulator, with its arm behind the agent's own tracker and safety filter. Time is simulated, and
 * planning takes none of it. The same calls give the same result, bit for bit.
 */
export class World {
  stops = 0; // ticks since `begin` at which the safety filter used the fail-safe trajectory
  private reflex!: Reflex;
  private robot!: SimRobot;
  private plan: Plan | undefined;
  private slips: Slips | undefined;
  private readonly camera: SceneCamera;

  private constructor(
    readonly setup: AgentSetup,
    readonly scene: SceneConfig,
    readonly simulation: Simulation,
    private readonly slip: SlipConfig | undefined,
  ) {
    const [[name, config]] = Object.entries(sceneCameras(scene));
    this.camera = new SceneCamera(name, config);
  }

  static async create(setup: AgentSetup, scene: SceneConfig, slip?: SlipConfig): Promise<World> {
    const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
    return new World(
      setup,
      scene,
      await Simulation.create({
        urdf,
        arm: armFromUrdf(urdf, armOptions(setup.robot)),
        scene,
        seed: 1,
        contacts: false,
      }),
      slip,
    );
  }

  /** Begins the scene that the seed draws, with the arm at rest at `start` [nq] rad. */
  begin(seed: number, start: Float64Array): void {
    const { setup, scene, simulation } = this;
    const { arm, agent } = setup;
    simulation.reset({ scene: { ...scene, start: Array.from(start) }, seed });
    this.slips = this.slip && new Slips(simulation, this.slip, new Rng(seed));
    this.robot = new SimRobot(simulation, { cameras: false });
    this.reflex = new Reflex({
      limits: arm.limits,
      sweep: new Sweep(arm),
      guardrails: buildGuardrails(setup),
      dt: agent.reflex.period,
      staleAfter: agent.perception.stale_after,
      trackingError: trackingError(setup),
    });
    this.reflex.apply("configure");
    this.reflex.apply("activate");
    this.plan = undefined;
    this.stops = 0;
  }

  /** The start of a plan made now: the commanded joints at the first instant at which the plan can take effect. */
  state(): State {
    const { reflex, simulation, setup, plan } = this;
    const stamp = simulation.time + setup.agent.reflex.lead;
    const q = simulation.q.slice(),
      v = simulation.v.slice();
    if (reflex.commanded.stamp > -Infinity) startState(q, v, reflex.commanded, plan, setup.arm.limits, stamp);
    return { ...this.now(), stamp, q, v };
  }

  /** Lets dt pass while the arm follows a plan. Without a plan the arm comes to rest. */
  execute(plan: Plan | undefined, dt: Seconds): void {
    const { reflex, robot, simulation, setup } = this;
    const { period, lead } = setup.agent.reflex;
    this.plan = plan;
    if (plan?.feasible) reflex.follow(plan);
    else reflex.recover();
    const ticks = Math.round(dt / period);
    for (let n = 0; n < ticks; n++) {
      if (n === ticks >> 1) this.slips?.strike();
      const state = this.now();
      reflex.observe(state.stamp, state.q, state.v);
      const command = reflex.tick(state.stamp + lead, state);
      if (command !== undefined) reflex.commit(robot.send(command));
      simulation.step(period);
    }
    this.stops = reflex.stopped;
  }

  /** The reason why the arm no longer moves, or undefined. */
  get fault(): string | undefined {
    return this.reflex.state.mode === "active" ? undefined : this.reflex.reason.by;
  }

  /** The present image of a camera, rgb [height,width,3]. */
  shoot(view: View): Uint8Array {
    const { width, height, texture } = view;
    this.camera.view = view;
    this.camera.backdrop = texture && { width, height, data: drift(texture, this.simulation.time, width, height) };
    return this.camera.shoot(this.simulation);
  }

  /** True positions of the objects in the scene's order, [no,3] m. */
  objects(): Float64Array {
    return Float64Array.from(this.simulation.objects().flatMap((o) => [...o.position]));
  }

  tool(): Vec3 {
    return this.simulation.tool().position;
  }

  dispose(): void {
    this.simulation.dispose();
  }

  private now(): State {
    const { simulation } = this;
    const objects = new Map<string, Belief>(
      simulation.objects().map((o) => [o.id, { ...o, positionStd: 0, stamp: simulation.time }]),
    );
    return {
      stamp: simulation.time,
      q: simulation.q.slice(),
      v: simulation.v.slice(),
      objects,
      bodies: [],
    };
  }
}
