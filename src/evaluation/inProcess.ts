import { readFileSync } from "node:fs";
import { Agent } from "../agent/Agent.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { armOptions } from "../agent/robot/armOptions.js";
import { trueLimits } from "../agent/robot/trueLimits.js";
import { loadSceneConfig } from "../config/index.js";
import type { Observation } from "../core/Observation.js";
import { bindTask, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";
import { armFromUrdf, parseUrdf } from "../kinematics/index.js";
import { Simulation } from "../sim/physics/Simulation.js";
import { SimRobot } from "../sim/physics/SimRobot.js";
import type { DrawnGoal } from "./drawGoals.js";
import type { Trial } from "./Trial.js";

export interface InProcessResult {
  readonly trials: readonly Trial[];
  readonly ticks: readonly number[]; // µs of every tick of reflex and safety filter
  readonly checks: number; // steps requested from the safety filter
  readonly limited: number; // of these, steps that it reduced
  readonly stopped: number; // of these, steps that it replaced by the fail-safe trajectory
}

/**
 * The safety filter with all its guardrails, or with joint limits alone. The second is for comparison in this bench
 * only; no file or parameter selects it.
 */
export type FilterKind = "filter" | "joint limits";

const LIMIT = 25; // s of simulated time per goal

/**
 * Runs the goals one after another, each from the scene's start, in one thread and on simulated time. The same seed
 * gives the same result, bit for bit.
 */
export async function inProcess(
  setup: AgentSetup,
  scene: string,
  goals: readonly DrawnGoal[],
  gate: FilterKind,
  tell: (done: number, trial: Trial) => void,
): Promise<InProcessResult> {
  const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
  const arm = armFromUrdf(urdf, armOptions(setup.robot));
  const { lo, hi, velocity } = trueLimits(setup);
  const simulation = await Simulation.create({ urdf, arm, scene: loadSceneConfig(scene), seed: 1 });
  const movable = new Set(loadSceneConfig(scene).objects.map((o) => o.id));
  const ticks: number[] = [];
  const trials: Trial[] = [];
  const count = { checks: 0, limited: 0, stopped: 0 };
  for (const [i, { task }] of goals.entries()) {
    simulation.reset({ seed: i + 1 });
    const robot = new SimRobot(simulation);
    const bound = bindTask(loadTask(task, guardrailSchemas), {
      jointNames: arm.jointNames,
      objects: [],
      predicted: [],
    });
    const agent = new Agent(setup, robot, bound, i + 1);
    if (gate === "joint limits") agent.reflex.guard([]);
    timeTicks(agent, ticks);
    let seen!: Observation;
    robot.observations.subscribe((o) => (seen = o));
    robot.bodies.subscribe((b) => agent.beliefs.seeBodies(simulation.time, b, simulation.time));
    robot.tell();
    const from = Array.from(seen.q);
    const violations = new Set<string>();
    let since: number | undefined,
      done = false;
    while (simulation.time < LIMIT && !done) {
      done = await agent.step(seen, simulation.time);
      if (!(agent.monitor.error <= 1)) since = undefined;
      else since ??= simulation.time;
      if (done) break;
      robot.advance(setup.agent.reflex.period);
      for (const { body1, body2 } of simulation.takeContacts())
        if (!movable.has(body1) && !movable.has(body2)) violations.add(`contact of ${body1} and ${body2}`);
      arm.jointNames.forEach((name, j) => {
        if (!(simulation.q[j] >= lo[j] && simulation.q[j] <= hi[j]))
          violations.add(`${name} beyond its position limit`);
        if (!(Math.abs(simulation.v[j]) <= velocity[j])) violations.add(`${name} beyond its velocity limit`);
      });
    }
    const why = done
      ? ""
      : `${agent.monitor.error.toFixed(1)} tolerances off after ${LIMIT} ` +
        `s${agent.plans[0]?.feasible === false ? ", no admissible plan" : ""}`;
    trials.push({
      scene,
      success: done,
      why,
      time: since ?? NaN,
      from,
      to: Array.from(simulation.q),
      task,
      violations: [...violations],
    });
    count.checks += agent.reflex.checks;
    count.limited += agent.reflex.limited;
    count.stopped += agent.reflex.stopped;
    tell(i + 1, trials[i]);
  }
  simulation.dispose();
  return { trials, ticks, ...count };
}

/** Measures every tick in µs. */
function timeTicks(agent: Agent, ticks: number[]): void {
  const { reflex } = agent;
  const tick = reflex.tick.bind(reflex);
  reflex.tick = (stamp, from) => {
    const began = process.hrtime.bigint();
    const command = tick(stamp, from);
    if (command !== undefined) ticks.push(Number(process.hrtime.bigint() - began) / 1e3);
    return command;
  };
}
