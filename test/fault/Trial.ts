import { readFileSync } from "node:fs";
import { Agent } from "../../src/agent/Agent.js";
import { isLeap } from "../../src/reflex/isLeap.js";
import type { JointSample } from "../../src/agent/AgentPort.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { MeasuredJoints } from "../../src/runtime/ingress/MeasuredJoints.js";
import { loadSceneConfig, type SceneConfig } from "../../src/config/index.js";
import type { Body } from "../../src/core/Body.js";
import type { Belief } from "../../src/core/Belief.js";
import type { Command } from "../../src/core/Command.js";
import type { JoinedCommand } from "../../src/core/commands/JoinedCommands.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { levelsOf } from "../agent/levelsOf.js";
import type { JointTrajectoryOptions } from "../../src/sim/physics/JointTrajectoryController.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import { SimRobot } from "../../src/sim/physics/SimRobot.js";
import { bind } from "../agent/inProcess.js";
import type { Expectation, Outcome } from "./FaultCase.js";
import { GroundTruth, type Leniency } from "./GroundTruth.js";
import { StartOracle } from "./StartOracle.js";

export interface Told<T> {
  readonly due: number; // s, when it arrives
  readonly value: T;
}
export interface Bodies {
  readonly stamp: number;
  readonly bodies: readonly Body[];
}

/**
 * A fault at work: what it makes of each thing that passes. Whatever it does not name passes as it is. Times are the
 * simulation's, s.
 */
export interface Meddling {
  readonly joints?: (sample: JointSample, t: number) => readonly Told<JointSample>[];
  readonly bodies?: (bodies: Bodies, t: number) => readonly Told<Bodies>[];
  readonly objects?: (t: number) => { readonly stamp: number; readonly objects: readonly Belief[] };
  readonly plan?: (plan: Plan, last: Plan | undefined, t: number) => Plan;
  // to the controller: when, and how often, it arrives
  readonly command?: (command: Command, t: number) => readonly Told<Command>[];
  readonly asleep?: (t: number) => boolean; // the agent's process does not run
  readonly clock?: (t: number) => number; // what the agent's clock shows
}

export interface TrialOptions {
  readonly seed: number;
  readonly expect: Expectation;
  readonly latency?: number; // s from the fault to the moment when the agent must know of it
  readonly lasts?: number; // s; for ever where the expectation is to stop
  readonly by?: RegExp; // the reason told
  readonly person?: boolean; // one reaches to where the arm wants to go
  readonly scene?: SceneConfig; // with `person`: another one
  readonly watch?: number; // s after the fault for which an arm that shall stop is watched; default: 3
  readonly lets?: Leniency;
  readonly controller?: JointTrajectoryOptions; // its law; default: Jazzy's with the parameters it has by default
  readonly servo?: { readonly delay: number }; // s, from set-points to the arm's servo
  readonly declared?: number; // s, of that, in the robot's file
  readonly meddle: (rng: Rng) => Meddling;
}

const PERIOD = 0.01;
const LIMIT = 14; // s
const SERVO = 0.15; // s: joints lag behind what they are told, and swing out
const swing = (to: number): string =>
  `name: swing\ngoal:\n  - joint_positions: { joint1: ${to} rad, joint4: 1.5 rad }\ntimeout: 60 s\n`;

const usual = light(loadSetup({ robot: "arm7", agent: "default", scene: "table" }));
const urdf = parseUrdf(readFileSync(usual.robot.urdf!, "utf8"));
const arm = armFromUrdf(urdf, armOptions(usual.robot));
const table = loadSceneConfig("table");

/** A person whose arm reaches over the table at 0.6 s and is gone again at 4 s. */
function reaching(): SceneConfig {
  const scene = loadSceneConfig("person");
  const bodies = scene.bodies.map((b) =>
    b.path.length === 0 ? b : { ...b, path: b.path.slice(0, 4).map((p, i) => ({ ...p, at: [0.6, 1.6, 3, 4][i] })) },
  );
  return { ...scene, bodies };
}

/**
 * The true agent and the true simulator in one thread, on simulated time, with one fault between them. Deterministic:
 * same seed, same end.
 */
export async function runTrial(o: TrialOptions): Promise<Outcome> {
  const rng = new Rng(o.seed);
  const setup = {
    ...usual,
    robot: { ...usual.robot, controller: { ...usual.robot.controller, delay: o.declared ?? 0 } },
  };
  const place = o.person ? { ...(o.scene ?? reaching()), start: turned(setup, -0.9) } : table,
    scene = { ...place, servo: { ...place.servo, ...o.servo } };
  const simulation = await Simulation.create({
    urdf,
    arm,
    scene,
    seed: o.seed,
    controller: o.controller,
  });
  const robot = new SimRobot(simulation, { cameras: false });
  const measured = new MeasuredJoints(setup);
  const truth = new GroundTruth(simulation, setup, o.lets);
  const starts = new StartOracle(simulation, {
    error: setup.robot.tracking_error.turning,
    acceleration: setup.arm.limits.acceleration,
  });
  const side = o.person || o.seed % 2 === 0 ? 1 : -1;
  const from = o.person ? rng.range(0.2, 0.6) : rng.range(0.35, 0.6);
  const permanent = o.expect === "stops" || o.expect === "latches" || (o.expect === "goes on" && o.lasts === undefined);
  const until = permanent ? Infinity : from + (o.lasts ?? 0.8);
  const meddling = o.meddle(rng);
  const at = (): number => simulation.time;
  const on = (t: number): boolean => t >= from && t < until;
  const now = (): number => (on(at()) ? (meddling.clock?.(at()) ?? at()) : at());

  const way: {
    samples: Told<JointSample>[];
    bodies: Told<Bodies>[];
    commands: Told<{ readonly command: Command; readonly message: JoinedCommand }>[];
  } = { samples: [], bodies: [], commands: [] };
  robot.send = (c) => {
    const value = { command: { ...c, q: c.q.slice(), v: c.v.slice() }, message: robot.joined.of(c) },
      told = on(at()) && meddling.command ? meddling.command(c, at()) : [{ due: at() }];
    way.commands.push(...told.map(({ due }) => ({ due, value })));
    return c;
  };
  const agent = new Agent(setup, robot, bind(setup, swing(1.1 * side)), o.seed);
  meddlePlans(agent, (plan, last) => (on(at()) && meddling.plan ? meddling.plan(plan, last, at()) : plan));
  robot.observations.subscribe(({ stamp, q, v }) => {
    const sample: JointSample = { stamp, names: setup.arm.jointNames, positions: q, velocities: v };
    way.samples.push(...(on(at()) && meddling.joints ? meddling.joints(sample, at()) : [{ due: at(), value: sample }]));
  });
  robot.bodies.subscribe((bodies) => {
    const message = { stamp: at(), bodies };
    way.bodies.push(
      ...(on(at()) && meddling.bodies ? meddling.bodies(message, at()) : [{ due: at(), value: message }]),
    );
  });
  robot.tell();

  let done = false;
  let failure = "";
  let last = -Infinity; // what the agent's clock showed
  while (at() < LIMIT && !(done && truth.still)) {
    const t = at();
    for (const c of due(way.commands, t)) {
      try {
        robot.deliver(c.message);
        if (!meddling.command && o.servo === undefined) starts.sent(c.command);
      } catch {
        // the controller refuses what is malformed or over, as ros2_control's does
      }
    }
    if (!(on(t) && meddling.asleep?.(t))) {
      const clock = now();
      // as the reflex thread does
      if (isLeap(clock - last - PERIOD) && last > -Infinity) agent.reflex.forget("clock_jump", clock - last - PERIOD);
      last = clock;
      for (const sample of due(way.samples, t))
        if (measured.take(sample, clock) === "restart") agent.reflex.apply("brake", "clock_jump");
      for (const { stamp, bodies } of due(way.bodies, t)) agent.beliefs.seeBodies(stamp, bodies, clock);
      if (on(t) && meddling.objects)
        agent.beliefs.seeObjects(meddling.objects(t).stamp, meddling.objects(t).objects, clock);
      if (measured.stamp > -Infinity)
        try {
          done =
            (await agent.step(
              { stamp: measured.stamp, q: measured.q.slice(), v: measured.v.slice(), images: new Map() },
              clock,
            )) || done;
        } catch (error) {
          failure = (error as Error).message;
          agent.reflex.apply("fault", `exception: ${failure}`);
        }
    }
    robot.advance(PERIOD);
    truth.look(on(at()));
    if (o.expect === "stops" || o.expect === "latches") if (at() > from + (o.watch ?? 3) && truth.still) break;
  }
  simulation.dispose();
  const { state, reason } = agent.reflex;
  const reached = done && state.mode !== "latched";
  let end = truth.still ? "at rest" : "moving";
  if (reached) end = "done";
  if (state.mode === "latched") end = `latched: ${reason.by}`;
  const allowed = from + (o.latency ?? 0.15) + truth.needed + SERVO;
  const wrong: string[] = [];
  if (truth.onset === undefined && !o.person) wrong.push("the arm did not move when the fault began");
  if (o.expect !== "goes on" && truth.onset !== undefined && !(truth.restedAt <= allowed))
    wrong.push(
      `at rest ${(truth.restedAt - from).toFixed(2)} s after the fault, allowed ${(allowed - from).toFixed(2)} s`,
    );
  if ((o.expect === "goes on" || o.expect === "stops, goes on") && !reached)
    wrong.push(`not done: ${end}, ${reason.by} ${failure}`);
  if (o.expect === "latches" && state.mode !== "latched") wrong.push(`not latched: ${end}, ${reason.by}`);
  if (o.by !== undefined && !o.by.test(reason.by)) wrong.push(`told '${reason.by}', want ${String(o.by)}`);
  return { end, violations: [...truth.violations, ...starts.violations], fault: wrong.join("; ") };
}

/** One level that plans quickly, with few samples: the faults are the matter here, not the way. */
function light(setup: AgentSetup): AgentSetup {
  const level = setup.agent.levels.at(-1)!;
  return { ...setup, agent: { ...setup.agent, levels: [{ ...level, search: { ...level.search, samples: 16 } }] } };
}

function turned({ arm }: AgentSetup, joint1: number): number[] {
  return Array.from(arm.home, (x, j) => (j === 0 ? joint1 : x));
}

// looks at the clock that a search may take, fewer than its deadline allows: without a plan that may be it would use
// them all
const SEARCH = 12;

function meddlePlans(agent: Agent, meddle: (plan: Plan, last: Plan | undefined) => Plan): void {
  const level = levelsOf(agent).at(-1)!;
  const plan = level.plan.bind(level);
  let last: Plan | undefined;
  level.plan = async (from, above, o) => {
    let looks = 0;
    return (last = meddle(await plan(from, above, { ...o, clock: { now: () => looks++ }, deadline: SEARCH }), last));
  };
}

/** What has arrived by t, in the order of arrival. */
function due<T>(way: Told<T>[], t: number): T[] {
  const arrived = way.filter((x) => x.due <= t + 1e-9).sort((a, b) => a.due - b.due);
  for (const x of arrived) way.splice(way.indexOf(x), 1);
  return arrived.map((x) => x.value);
}
