import { Agent } from "../../src/agent/Agent.js";
import type { AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { trueLimits } from "../../src/agent/robot/trueLimits.js";
import { thingOf } from "../../src/config/index.js";
import type { TaskSpec } from "../../src/cost/index.js";
import { SimRobot } from "../../src/sim/physics/SimRobot.js";
import type { Simulation } from "../../src/sim/physics/Simulation.js";
import { wired } from "./wired.js";
import { Judge } from "./Judge.js";

const REST = 1; // s after the end, in which what was let go may still fall

/** How one task went. */
export interface Trial {
  readonly success: boolean; // told by the agent, and true at the end
  readonly told: boolean;
  readonly time: number; // s, simulated
  readonly plans: number; // of the task level
  readonly planning: readonly number[]; // ms, of the ticks in which the task level planned
  readonly violations: readonly string[];
  readonly why: string; // how it ended
}

/** One task from the scene's start, in one thread and on simulated time. */
export async function runTask(
  setup: AgentSetup,
  simulation: Simulation,
  task: TaskSpec,
  o: {
    readonly seed: number;
    readonly limit: number;
    readonly spill?: number;
    readonly noise: number;
    readonly idle?: boolean;
  },
): Promise<Trial> {
  const robot = new SimRobot(simulation, {
    cameras: false,
    objects: true,
    forces: true,
    objectStd: o.noise,
    seed: o.seed,
  });
  const judge = new Judge(simulation, trueLimits(setup), task, o.spill);
  const { period } = setup.agent.reflex;
  const pass = (seconds: number): void => {
    for (const end = simulation.time + seconds - 1e-9; simulation.time < end; judge.look()) robot.advance(period);
  };
  if (o.idle) {
    pass(REST);
    const { holds } = judge;
    return { success: holds, told: false, time: NaN, plans: 0, planning: [], violations: [], why: "" };
  }
  const agent = await Agent.create(setup, robot, task, o.seed);
  const seen = wired(agent, robot, simulation.scene.objects.map(thingOf));
  const planning: number[] = [];
  let done = false,
    plans = 0;
  while (simulation.time < o.limit && !done && agent.end === undefined) {
    const began = performance.now();
    done = await agent.step(seen(), simulation.time);
    if (agent.steps!.plans !== plans) planning.push(performance.now() - began);
    plans = agent.steps!.plans;
    if (!done) pass(period);
  }
  const time = simulation.time;
  pass(REST);
  const { holds } = judge;
  const told = done && agent.end?.code === "NONE";
  const why = told && holds ? "" : wordsOf(told, holds, agent.end?.message ?? agent.steps!.words);
  return { success: told && holds, told, time, plans, planning, violations: [...judge.violations], why };
}

function wordsOf(told: boolean, holds: boolean, end: string): string {
  if (told) return "told, and not true";
  return `${end}; ${holds ? "it is true, and was not told" : "the goals do not hold"}`;
}
