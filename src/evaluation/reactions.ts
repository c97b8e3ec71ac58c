import { readFileSync } from "node:fs";
import { Agent } from "../agent/Agent.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { armOptions } from "../agent/robot/armOptions.js";
import { loadSceneConfig } from "../config/index.js";
import type { Body } from "../core/Body.js";
import type { Observation } from "../core/Observation.js";
import { Rng } from "../core/math/Rng.js";
import type { Seconds } from "../core/Seconds.js";
import { bindTask, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";
import { armFromUrdf, parseUrdf } from "../kinematics/index.js";
import { TIME_STEP } from "../sim/physics/buildMjcf.js";
import { Simulation } from "../sim/physics/Simulation.js";
import { SimRobot } from "../sim/physics/SimRobot.js";
import { quantile } from "./quantile.js";

/** Reaction times over all trials. */
export interface Spread {
  readonly p50: number;
  readonly max: number;
}

/**
 * Time from an event to the controller's first set-point that brakes, ms of simulated time. `computing` is the agent's
 * own computing time, µs.
 */
export interface Reactions {
  readonly lead: number; // ms by which the agent's commands are sent ahead
  readonly trials: number;
  readonly person: Spread; // from the message with a person in the arm's way; it comes at a random time within a period
  readonly personTicks: Spread; // ticks of the safety filter from that message to the first one that it limits or stops
  readonly personRest: Spread; // until the set-point is at rest
  readonly computing: Spread; // from that message to the safety filter's answer
  readonly commands: Spread; // from the last command that arrived
  readonly joints: Spread; // from the last joint state that arrived
}

const EVENTS = ["person", "commands", "joints"] as const;
const SWING = 1.2; // rad of joint 1
const MOVING = 0.3; // rad/s at which the event happens, while the arm still gains speed
const PATIENCE: Seconds = 3;

interface Reaction {
  readonly braked: number; // ms
  readonly rested: number; // ms
  readonly ticks: number;
  readonly computing: number; // µs
}

/**
 * Measures reactions of the real reflex, safety filter, controller and simulated arm, in one process on simulated time.
 * While the arm gains speed, a person appears, commands stop, or joint states stop.
 */
export async function reactions(
  setup: AgentSetup,
  scene: string,
  lead: Seconds,
  trials: number,
  say: (text: string) => void,
): Promise<Reactions> {
  const led: AgentSetup = { ...setup, agent: { ...setup.agent, reflex: { ...setup.agent.reflex, lead } } };
  const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
  const simulation = await Simulation.create({
    urdf,
    arm: armFromUrdf(urdf, armOptions(setup.robot)),
    scene: loadSceneConfig(scene),
    seed: 1,
  });
  const found: Record<(typeof EVENTS)[number], Reaction[]> = { person: [], commands: [], joints: [] };
  for (const event of EVENTS) {
    for (let seed = 1; seed <= trials; seed++) {
      say(`reactions, lead ${1000 * lead} ms: ${event} ${seed} of ${trials}`);
      simulation.reset({ seed });
      found[event].push(await react(led, simulation, event, seed));
    }
  }
  simulation.dispose();
  const spread = (of: readonly Reaction[], what: keyof Reaction): Spread => ({
    p50: quantile(
      of.map((r) => r[what]),
      0.5,
    ),
    max: quantile(
      of.map((r) => r[what]),
      1,
    ),
  });
  const { person, commands, joints } = found;
  return {
    lead: 1000 * lead,
    trials,
    person: spread(person, "braked"),
    personTicks: spread(person, "ticks"),
    personRest: spread(person, "rested"),
    computing: spread(person, "computing"),
    commands: spread(commands, "braked"),
    joints: spread(joints, "braked"),
  };
}

async function react(
  setup: AgentSetup,
  simulation: Simulation,
  event: (typeof EVENTS)[number],
  seed: number,
): Promise<Reaction> {
  const rng = new Rng(seed);
  const { period } = setup.agent.reflex;
  const robot = new SimRobot(simulation, { cameras: false });
  const task = `goal: [{ joint_positions: { joint1: ${seed % 2 === 0 ? SWING : -SWING} rad } }]`;
  const agent = new Agent(
    setup,
    robot,
    bindTask(loadTask(task, guardrailSchemas), { jointNames: setup.arm.jointNames, objects: [], predicted: [] }),
    seed,
  );
  let seen!: Observation;
  let deaf = false;
  robot.observations.subscribe((o) => deaf || (seen = o));
  robot.bodies.subscribe((b) => agent.beliefs.seeBodies(simulation.time, b, simulation.time));
  robot.tell();
  // `failSafe`: when braking begins. A fail-safe trajectory that is sent again begins before the last command.
  let sent = { stamp: -Infinity, at: 0, failSafe: Infinity };
  const send = robot.send.bind(robot);
  robot.send = (c) => {
    sent = { stamp: c.stamp, at: simulation.time, failSafe: c.stamp > sent.stamp ? c.stamp + period : c.stamp };
    return send(c);
  };
  const speed = (): number => Math.hypot(...simulation.controller.v);
  const path: { readonly t: Seconds; readonly speed: number }[] = [];
  const advance = (by: Seconds): void => {
    for (let n = Math.round(by / TIME_STEP); n > 0; n--) {
      robot.advance(TIME_STEP);
      path.push({ t: simulation.time, speed: speed() });
    }
  };
  const wanted = MOVING * rng.range(1, 3);
  for (let before = Infinity, now = 0; !(now > wanted && now > before);) {
    if (simulation.time > PATIENCE)
      throw new Error(`${event}, seed ${seed}: the arm never gained ${wanted.toFixed(2)} rad/s`);
    await agent.step(seen, simulation.time);
    advance(period);
    before = now;
    now = speed();
  }
  // The event happens at a random time between this tick and the next: a person appears, a process or a cable fails.
  await agent.step(seen, simulation.time);
  const phase = event === "person" ? TIME_STEP * Math.floor(rng.range(0, period / TIME_STEP)) : 0;
  advance(phase);
  let from = simulation.time;
  if (event === "commands") from = sent.at;
  if (event === "joints") from = seen.stamp;
  let computing = 0,
    ticks = 0,
    refused = false;
  if (event === "joints") deaf = true;
  if (event === "person") {
    const [x, y, z] = simulation.tool().position;
    const body: Body = {
      id: "visitor",
      kind: "person",
      p0: [x + 0.2, y, z - 0.3],
      p1: [x + 0.2, y, z + 0.3],
      radius: 0.1,
      speedBound: setup.agent.guardrails.person.speed,
      stamp: from,
    };
    const began = process.hrtime.bigint();
    agent.beliefs.seeBodies(from, [body], from);
    computing += Number(process.hrtime.bigint() - began) / 1e3;
  }
  advance(period - phase);
  const { reflex } = agent;
  const tick = reflex.tick.bind(reflex);
  reflex.tick = (stamp, state) => {
    const began = process.hrtime.bigint();
    const command = tick(stamp, state);
    // the first tick after the message
    if (event === "person" && ticks === 0) computing += Number(process.hrtime.bigint() - began) / 1e3;
    return command;
  };
  for (const limit = simulation.time + PATIENCE; simulation.time < limit && !(speed() < 1e-6);) {
    if (event !== "commands") {
      const { stamp } = sent;
      await agent.step(seen, simulation.time);
      if (!refused) ticks++;
      // the filter sent nothing, or less than was requested
      refused ||= sent.stamp <= stamp || (reflex.trips.separation ?? 0) > 0;
    }
    advance(period);
  }
  const fastest = path.filter((p) => p.t >= from - 1e-9).reduce((a, b) => (b.speed > a.speed + 1e-9 ? b : a));
  // missing joint states are noticed late; by then the plan itself may have slowed the arm down
  const braked = event === "joints" ? sent.failSafe : fastest.t;
  return { braked: 1000 * (braked - from), rested: 1000 * (simulation.time - from), ticks, computing };
}
