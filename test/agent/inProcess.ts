import { readFileSync } from "node:fs";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { Agent } from "../../src/agent/Agent.js";
import { sceneFor } from "../../src/agent/setup/sceneFor.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { loadSceneConfig } from "../../src/config/index.js";
import type { Observation } from "../../src/core/Observation.js";
import { bindTask, loadTask, type TaskSpec } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import type { SensorOptions } from "../../src/sim/sensors/Sensors.js";
import { SimRobot } from "../../src/sim/physics/SimRobot.js";
import { touchesArm } from "../sim/touchesArm.js";

/** A task bound to an arm, as the runtime does it. */
export const bind = (setup: AgentSetup, text: string): TaskSpec =>
  bindTask(loadTask(text, guardrailSchemas), {
    jointNames: setup.arm.jointNames,
    endless: setup.arm.kinds.map((k) => k === "continuous"),
    objects: setup.learned?.objects ?? [],
    predicted: setup.learned?.objects ?? [],
    images: setup.learned && { camera: setup.learned.camera, ...setup.learned.image },
  });

/** The true agent and the true simulator in one thread, on simulated time. */
export class InProcess {
  readonly contacts: string[] = [];
  readonly commands: Float64Array[] = [];
  private observation!: Observation;

  private constructor(
    readonly setup: AgentSetup,
    readonly simulation: Simulation,
    readonly robot: SimRobot,
    readonly agent: Agent,
  ) {}

  static async create(o: {
    scene: string;
    task: string;
    robot?: string;
    agent?: string;
    seed?: number;
    searchSeed?: number;
    start?: Float64Array;
    adapt?: (setup: AgentSetup) => AgentSetup;
    sensors?: SensorOptions;
    servo?: { readonly delay: number };
  }): Promise<InProcess> {
    const setup = (o.adapt ?? ((x) => x))(
      loadSetup({ robot: o.robot ?? "arm7", agent: o.agent ?? "default", scene: o.scene }),
    );
    const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
    const arm = armFromUrdf(urdf, armOptions(setup.robot)),
      place = sceneFor(loadSceneConfig(o.scene), setup.robot.name, arm),
      scene = { ...place, servo: { ...place.servo, ...o.servo } };
    const simulation = await Simulation.create({
      urdf,
      arm,
      scene: o.start ? { ...scene, start: [...o.start] } : scene,
      seed: o.seed ?? 1,
    });
    const robot = new SimRobot(simulation, o.sensors);
    const agent = await Agent.create(setup, robot, bind(setup, o.task), o.searchSeed ?? o.seed ?? 1);
    const run = new InProcess(setup, simulation, robot, agent);
    robot.observations.subscribe((x) => (run.observation = x));
    robot.bodies.subscribe((b) => agent.beliefs.seeBodies(simulation.time, b, simulation.time));
    robot.forces.subscribe(({ stamp, force }) => agent.reflex.feel(stamp, force));
    robot.tell();
    return run;
  }

  /** Runs for at most `limit` seconds. @returns the time when the goals had held, or undefined */
  async run(limit: number, each: () => void = () => undefined): Promise<number | undefined> {
    const { agent, robot, simulation, setup } = this;
    const end = simulation.time + limit;
    while (simulation.time < end) {
      const done = await agent.step(this.observation, simulation.time);
      this.commands.push(agent.reflex.q.slice());
      each();
      if (done) return simulation.time;
      robot.advance(setup.agent.reflex.period);
      for (const c of simulation.takeContacts())
        if (touchesArm(c, simulation.scene)) this.contacts.push(`${c.body1} with ${c.body2} at ${simulation.time}`);
    }
    return undefined;
  }
}
