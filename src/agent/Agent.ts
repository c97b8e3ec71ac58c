import type { Belief } from "../core/Belief.js";
import type { Command } from "../core/Command.js";
import type { JointLimits } from "../core/JointLimits.js";
import type { Observation } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import { Rng } from "../core/math/Rng.js";
import type { Robot } from "../core/Robot.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { Thing } from "../core/Thing.js";
import { seeGoals, type TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { Posture } from "../kinematics/Posture.js";
import { Sweep } from "../kinematics/Sweep.js";
import { BeliefMemory } from "../memory/beliefs/BeliefMemory.js";
import { LatentMemory } from "../perception/LatentMemory.js";
import { Proprioception } from "../perception/Proprioception.js";
import type { LevelRunner } from "../planner/hierarchy/LevelRunner.js";
import type { AgentSetup } from "./setup/AgentSetup.js";
import type { Arrival } from "./task/Arrival.js";
import { arrivalOf } from "./task/arrivalOf.js";
import { buildGuardrails } from "./setup/buildGuardrails.js";
import { buildLevel } from "./setup/buildLevel.js";
import { contactForceCap } from "./setup/contactForceCap.js";
import type { GoalMonitor } from "./task/GoalMonitor.js";
import type { StepEnd, StepRun } from "./task/StepRun.js";
import { stepRunOf } from "./task/stepRunOf.js";
import { planSteps } from "./planSteps.js";
import { loadAllModels, worldModelOf, type LevelModels } from "./setup/loadModels.js";
import { handTracker, type HandTracker } from "./HandTracker.js";
import { movesThings } from "./movesThings.js";
import { neededInputs } from "./setup/neededInputs.js";
import { Reflex } from "../reflex/Reflex.js";
import { seeObjects } from "./seeObjects.js";
import { searchTime } from "./searchTime.js";
import { planStart } from "./planStart.js";
import { setupUnderTask } from "./setup/setupUnderTask.js";
import { trackingError } from "./robot/trackingError.js";
import { trackingBounds } from "./robot/trackingBounds.js";
import { WorkClock } from "./WorkClock.js";

/**
 * The whole agent in one thread and on the robot's own time: the parts that `AgentRuntime` runs in several. Same
 * observations, same seed, same commands, bit for bit. Planning takes none of the robot's time but `latency`, after
 * which a plan comes into force; deadlines bound its work (`WorkClock`).
 */
export class Agent {
  readonly beliefs: BeliefMemory;
  readonly hand: HandTracker | undefined; // of a robot with a gripper
  readonly reflex: Reflex;
  readonly monitor: GoalMonitor;
  /** The steps of an agent whose top level plans what to do, and how far they are. */
  readonly steps: StepRun | undefined;
  /** How such an agent ended its task; undefined while it goes on. */
  end: StepEnd | undefined;
  private readonly arrival: Arrival;
  private levels: readonly LevelRunner[] = [];
  private due: Seconds[] = [];
  private limits: JointLimits;
  private readonly sweep: Sweep; // of the arm with nothing in its hand
  private movesThings = false;
  private now!: State; // the newest
  private readonly rng: Rng;
  private readonly perception: LatentMemory | undefined;
  private readonly posture: Posture;
  private readonly body: Proprioception;
  // the newest image's latent, and the joints with it
  private seen: { readonly stamp: Seconds; readonly z: Float32Array; readonly q: Float64Array } | undefined;

  /** An agent whose levels may have learned models. @throws ModelError, ConfigError */
  static async create(
    setup: AgentSetup,
    robot: Robot,
    task: TaskSpec,
    seed: number,
    latency?: Seconds,
  ): Promise<Agent> {
    const models = await loadAllModels(setup);
    const world = worldModelOf(models);
    const perception = world && new LatentMemory(world, setup.arm);
    const seen =
      perception === undefined ? task : await seeGoals(task, (picture) => perception.picture({ stamp: 0, ...picture }));
    return new Agent(setup, robot, seen, seed, latency, models);
  }

  /** @param task its pictures must be encoded. @param models of each level that has learned ones */
  constructor(
    private readonly setup: AgentSetup,
    private readonly robot: Robot,
    task: TaskSpec,
    seed: number,
    private readonly latency: Seconds = 0.02,
    private readonly models: readonly LevelModels[] = [],
  ) {
    const { arm, agent, robot: body } = setup;
    this.beliefs = new BeliefMemory(trackingBounds(setup));
    this.hand = handTracker(setup, this.beliefs);
    const { period: dt } = agent.reflex;
    const rules = task.guardrails as GuardrailSpec[];
    const under = setupUnderTask(setup, rules);
    const { joint_states: staleAfter, ...needs } = neededInputs(setup);
    this.reflex = new Reflex({
      limits: (this.limits = under.arm.limits),
      sweep: (this.sweep = new Sweep(under.arm)),
      guardrails: buildGuardrails(under, rules),
      dt,
      staleAfter,
      needs,
      maxForce: contactForceCap(setup, rules),
      trackingError: trackingError(setup),
      delay: body.controller.delay,
    });
    this.reflex.apply("configure");
    this.reflex.apply("activate");
    this.rng = new Rng(seed);
    this.arrival = arrivalOf(setup, task);
    this.monitor = this.arrival.monitor;
    if (agent.planner === undefined) this.enter(task);
    else this.steps = this.stepsFor(task);
    const world = worldModelOf(models);
    this.perception = world && new LatentMemory(world, arm);
    this.body = new Proprioception(arm.nq, trackingError(setup), body.controller.delay);
    this.posture = new Posture(arm);
  }

  /**
   * The loop: one reflex period, with the newest observation.
   * @returns whether the goals have held for their time and hold where the arm now rests
   */
  async step({ stamp, q, v, others, images }: Observation, now: Seconds): Promise<boolean> {
    const { reflex, robot, setup, beliefs } = this;
    await this.look(images, q);
    this.hand?.arm(stamp, q);
    if (others !== undefined) this.hand?.take(stamp, others, now);
    const state: State = {
      stamp: now,
      q,
      v,
      percept: this.seen,
      objects: beliefs.objectsById,
      bodies: beliefs.bodies,
      ...beliefs.inHand,
    };
    reflex.observe(stamp, q, v);
    this.body.observe(stamp, q, v);
    reflex.hear("bodies", beliefs.bodiesStamp);
    this.now = state;
    if (this.steps?.plans === 0) this.steps.begin(state);
    for (const [i, level] of this.levels.entries()) await this.replan(i, level, state);
    const plan = this.plans.at(-1);
    const arrival = this.steps ?? this.arrival;
    if (arrival.resting) reflex.rest(this.movesThings);
    else if (plan?.feasible) reflex.follow(plan);
    else reflex.recover();
    const command: Command | undefined = reflex.tick(now + setup.agent.reflex.lead, state);
    if (command !== undefined) {
      reflex.commit(robot.send(command));
      this.body.expect(command);
    }
    if (this.steps === undefined) return this.arrival.update({ ...state, stamp }, reflex.idle(now));
    this.end = this.steps.update({ ...state, stamp }, reflex.idle(now));
    return this.end?.code === "NONE";
  }

  /** The levels get another task, with its guardrails; undefined: they plan nothing. */
  private enter(task: TaskSpec | undefined): void {
    const { setup, models } = this;
    this.levels =
      task === undefined ? [] : setup.agent.levels.map((_, i) => buildLevel(setup, i, task, this.rng, models[i]));
    this.due = this.levels.map(() => -Infinity);
    this.movesThings = task !== undefined && movesThings(task);
  }

  private stepsFor(task: TaskSpec): StepRun {
    const { setup, robot } = this;
    return stepRunOf({
      setup,
      task,
      goals: this.arrival,
      mode: () => this.reflex.state.mode,
      port: {
        plan: (request) => this.steps!.planned(planSteps(setup, request, new WorkClock(request.state.stamp)), this.now),
        step: (below) => {
          if (below !== undefined) this.guard(below.guardrails as GuardrailSpec[]);
          this.enter(below);
        },
        waits: () => this.plans.some((plan) => plan?.obstruction?.people === true),
        hand: (command) => {
          this.hand!.expect(command);
          robot.sendHand?.(command);
          return "";
        },
      },
    });
  }

  /** Other guardrails are in force, and the arm that they are about. */
  private guard(rules: readonly GuardrailSpec[]): void {
    const { setup, reflex } = this;
    const under = setupUnderTask(setup, rules),
      { arm } = under;
    this.limits = arm.limits;
    const sweep = arm.held === undefined ? this.sweep : new Sweep(arm);
    reflex.guard(buildGuardrails(under, rules), contactForceCap(setup, rules), arm.limits, sweep);
  }

  /** Takes a message about objects. @returns why it was refused, "" if taken */
  seeObjects(stamp: Seconds, objects: readonly Belief[], things: readonly Thing[], now: Seconds): string {
    return seeObjects(this, stamp, objects, things, now);
  }

  /** Encodes the camera's newest image, once. */
  private async look(images: Observation["images"], q: Float64Array): Promise<void> {
    const { perception } = this;
    const image = perception === undefined ? undefined : images.get(this.setup.learned!.camera);
    if (image === undefined || image.stamp === this.seen?.stamp) return;
    const percept = await perception!.see(image, this.posture.of(q));
    this.seen = { stamp: image.stamp, z: percept.z, q: q.slice() };
    this.beliefs.seePercept(percept);
  }

  /** The newest plan of each level, top to bottom. */
  get plans(): readonly (Plan | undefined)[] {
    return this.levels.map(({ plan }) => plan);
  }

  /**
   * Receding horizon: a level plans again when its period is over, from where the arm will be, under the plan above.
   */
  private async replan(index: number, level: LevelRunner, state: State): Promise<void> {
    const { due, levels, reflex, limits, setup } = this;
    const { agent } = setup;
    if (state.stamp < due[index] - 1e-9 || !level.isReady(state)) return;
    due[index] = state.stamp + agent.levels[index].period;
    const from = planStart(state, state.stamp + this.latency, {
      agent,
      index,
      commanded: reflex.commanded.stamp > -Infinity ? reflex.commanded : undefined,
      along: levels.at(-1)!.plan,
      limits,
      deviation: this.body.deviation,
    });
    const deadline = state.stamp + searchTime(agent.levels[index]);
    const { plan } = await level.replan(from, { clock: new WorkClock(state.stamp), deadline });
    if (index + 1 < levels.length) levels[index + 1].follow(plan);
  }
}
