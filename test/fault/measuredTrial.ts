import { readFileSync } from "node:fs";
import { Agent } from "../../src/agent/Agent.js";
import { isLeap } from "../../src/reflex/isLeap.js";
import type { JointSample } from "../../src/agent/AgentPort.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { MeasuredJoints } from "../../src/runtime/ingress/MeasuredJoints.js";
import { loadSceneConfig } from "../../src/config/index.js";
import type { Command } from "../../src/core/Command.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import { SimRobot } from "../../src/sim/physics/SimRobot.js";
import { bind } from "../agent/inProcess.js";
import type { Outcome } from "./FaultCase.js";
import { GroundTruth } from "./GroundTruth.js";
import { StartOracle } from "./StartOracle.js";

/** Angles of some joints by name, rad. */
type Angles = Readonly<Record<string, number>>;

export interface MeasuredTrial {
  readonly seed: number;
  readonly endless?: readonly string[]; // joints that the URDF calls continuous
  readonly start?: Angles;
  readonly goal: Angles;
  readonly end?: Angles; // where the simulator must have them at the end; default: the goal
  readonly sensor?: (sample: JointSample, t: number) => JointSample; // what the driver makes of the truth
  readonly swing?: number; // of a velocity limit, by which the servo may swing over it
  // the controller takes every command at the turn nearest to where it is, as angle_wraparound does
  readonly wraps?: boolean;
  readonly clock?: (t: number) => number; // what the agent's clock shows
  readonly controller?: (t: number) => number; // what the controller's does
  // another program turns joint 1
  readonly foreign?: { readonly at: number; readonly speed: number; readonly lasts: number };
  readonly awake?: number; // s, when the agent is activated
  readonly pause?: readonly [number, number]; // s, in which there is no task
  readonly still?: boolean; // nothing may ever be sent
  readonly rests?: boolean; // the task need not be done, but nothing may latch
  readonly says?: RegExp; // of the last message refused
  readonly lasts?: number; // s
}

const PERIOD = 0.01;
const setups = new Map<string, { readonly setup: AgentSetup; readonly text: string }>();

/** The seven joints of arm7, some without end, one level that plans quickly. */
function setupOf(endless: readonly string[]): { readonly setup: AgentSetup; readonly text: string } {
  const key = endless.join();
  const made = setups.get(key);
  if (made !== undefined) return made;
  const { robot } = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
  const text = endless.reduce(
    (urdf, name) => urdf.replace(`<joint name="${name}" type="revolute">`, `<joint name="${name}" type="continuous">`),
    readFileSync(robot.urdf!, "utf8"),
  );
  const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table", urdf: text });
  const level = setup.agent.levels.at(-1)!;
  const light = {
    setup: { ...setup, agent: { ...setup.agent, levels: [{ ...level, search: { ...level.search, samples: 16 } }] } },
    text,
  };
  setups.set(key, light);
  return light;
}

/**
 * True agent and true simulator in one thread on simulated time; a driver, a clock or another program that does what it
 * should not.
 */
export async function runMeasured(o: MeasuredTrial): Promise<Outcome> {
  const { setup, text } = setupOf(o.endless ?? []);
  const urdf = parseUrdf(text),
    names = setup.arm.jointNames;
  const start = names.map((name, j) => o.start?.[name] ?? setup.arm.home[j]);
  const simulation = await Simulation.create({
    urdf,
    arm: armFromUrdf(urdf, armOptions(setup.robot)),
    scene: { ...loadSceneConfig("table"), start },
    seed: o.seed,
  });
  const robot = new SimRobot(simulation, { cameras: false });
  const measured = new MeasuredJoints(setup);
  const truth = new GroundTruth(simulation, setup, { swing: o.swing });
  const starts = new StartOracle(simulation, {
    error: setup.robot.tracking_error.turning,
    acceleration: setup.arm.limits.acceleration,
  });
  const accept = simulation.accept.bind(simulation),
    ahead = (): number => (o.controller === undefined ? 0 : o.controller(simulation.time) - simulation.time);
  simulation.accept = (m) => accept({ ...m, ...(m.stamp !== undefined && { stamp: m.stamp - ahead() }) });
  const send = robot.send.bind(robot);
  robot.send = (c) => {
    const copy = { ...c, q: c.q.slice(), v: c.v.slice() };
    if (o.wraps) nearest(copy, simulation.controller.q);
    starts.sent({ ...copy, stamp: copy.stamp - ahead() });
    send(copy);
    return c;
  };
  const samples: JointSample[] = [];
  robot.observations.subscribe(({ stamp, q, v }) => {
    const sample: JointSample = { stamp, names, positions: q, velocities: v };
    samples.push(o.sensor?.(sample, simulation.time) ?? sample);
  });
  robot.tell();
  let agent: Agent | undefined,
    done = false,
    last = -Infinity,
    refused = "",
    begun = false;
  const task = `name: turn\ngoal:\n  - joint_positions: { ${Object.entries(o.goal)
    .map(([name, x]) => `${name}: ${x} rad`)
    .join(", ")} }\ntimeout: 60 s\n`;
  while (simulation.time < (o.lasts ?? 12) && !(done && truth.still)) {
    const t = simulation.time;
    if (o.foreign !== undefined && !begun && t >= o.foreign.at)
      ((begun = true), turn(simulation, o.foreign.speed, o.foreign.lasts));
    const clock = o.clock?.(t) ?? t;
    for (const sample of samples.splice(0)) {
      const refusal = measured.take(sample, clock);
      if (refusal !== "" && refusal !== "restart" && refusal !== "duplicate") refused = refusal;
    }
    if (t >= (o.awake ?? 0) - 1e-9) agent ??= new Agent(setup, robot, bind(setup, task), o.seed);
    if (agent !== undefined) {
      if (isLeap(clock - last - PERIOD) && last > -Infinity) agent.reflex.forget("clock_jump", clock - last - PERIOD);
      last = clock;
      const paused = o.pause !== undefined && t >= o.pause[0] && t < o.pause[1];
      const { stamp, q, v } = measured;
      if (o.pause !== undefined) agent.reflex.engage(!paused);
      if (paused) {
        agent.reflex.follow(undefined);
        agent.reflex.observe(stamp, q.slice(), v.slice());
        const c = agent.reflex.tick(clock + setup.agent.reflex.lead, {
          stamp: clock,
          q,
          v,
          objects: new Map(),
          bodies: [],
        });
        if (c !== undefined) agent.reflex.commit(robot.send(c));
      } else if (stamp > -Infinity)
        done = (await agent.step({ stamp, q: q.slice(), v: v.slice(), images: new Map() }, clock)) || done;
    }
    robot.advance(PERIOD);
    truth.look(false);
  }
  const wrong: string[] = [];
  const { by } = agent!.reflex.reason;
  if (o.still === true) {
    if (starts.begun > 0) wrong.push(`${starts.begun} commands were sent`);
  } else if (o.rests === true) {
    if (agent!.reflex.state.next === "latched") wrong.push(`latched by ${by}`);
  } else if (!done) wrong.push(`not done: ${by}, ${refused}`);
  for (const [name, x] of Object.entries(o.still === true || (o.rests === true && !done) ? {} : (o.end ?? o.goal))) {
    const off = Math.abs(simulation.q[names.indexOf(name)] - x);
    if (!(off < 0.05)) wrong.push(`${name} ends ${off.toFixed(3)} rad off`);
  }
  if (o.says !== undefined && !o.says.test(refused)) wrong.push(`told '${refused}', want ${String(o.says)}`);
  simulation.dispose();
  let end = done ? "done" : "not done";
  if (o.still === true) end = starts.begun === 0 ? "refused" : "moved";
  return {
    end,
    violations: [...truth.violations, ...starts.violations],
    fault: wrong.join("; "),
  };
}

/** Another program's trajectory: joint 1 up to a speed and down again. */
function turn(simulation: Simulation, speed: number, lasts: number): void {
  const ramp = Math.abs(speed) / 7,
    q = simulation.q.slice();
  const point = (t: number, by: number, v: number) => ({
    positions: q.map((x, j) => (j === 0 ? x + by : x)),
    velocities: q.map((_, j) => (j === 0 ? v : 0)),
    accelerations: [],
    timeFromStart: t,
  });
  simulation.accept({
    jointNames: simulation.arm.jointNames,
    points: [
      point(ramp, 0.5 * speed * ramp, speed),
      point(ramp + lasts, speed * (0.5 * ramp + lasts), speed),
      point(2 * ramp + lasts, speed * (ramp + lasts), 0),
    ],
  });
}

/** Shifts a command by whole turns to where the controller is. */
function nearest(c: Command, at: Float64Array): void {
  for (let j = 0; j < c.nq; j++) {
    const shift = 2 * Math.PI * Math.round((at[j] - c.q[j]) / (2 * Math.PI));
    for (let k = 0; k < c.N; k++) c.q[k * c.nq + j] += shift;
  }
}
