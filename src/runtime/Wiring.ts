import type { SharedClock } from "../core/time/SharedClock.js";
import { SharedVector } from "../core/threads/SharedVector.js";
import type { Image } from "../core/Observation.js";
import type { Percept } from "../core/Percept.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { Posture } from "../kinematics/index.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { StepEnd, StepRequest } from "../agent/task/StepRun.js";
import type { TaskPlan } from "../planner/task/TaskPlan.js";
import { learnedFolder } from "../agent/setup/loadModels.js";
import type { Ingress } from "./ingress/Ingress.js";
import type { SharedMemory, ToPlanner } from "./messages.js";
import type { ReflexListener, ReflexMaker, ReflexPort } from "./ReflexPort.js";
import { sees } from "./sees.js";
import { PerceptionThread, type PerceptionListener } from "./threads/PerceptionThread.js";
import { PlannerThread, type PlannerListener } from "./threads/PlannerThread.js";
import { ReflexThread } from "./threads/ReflexThread.js";
import { StepsThread } from "./threads/StepsThread.js";

const HANG: Seconds = 5; // beyond twice a level's deadline without a message, after which its thread is restarted

/** Messages of the threads to their owner, by kind of thread. */
export interface WiringListener {
  readonly reflex: ReflexListener;
  readonly planners: PlannerListener;
  readonly perception: PerceptionListener;
}

const makeReflexThread: ReflexMaker = (...args) => new ReflexThread(...args);

/** The agent's threads and the messages between them: the reflex, one planner for each level, perception. */
export class Wiring {
  readonly reflex: ReflexPort;
  private readonly shared: SharedMemory;
  private readonly posture: Posture;
  private planners: readonly PlannerThread[] = []; // of the levels, top to bottom
  private perception: PerceptionThread | undefined; // of an agent with a learned model
  private steps: StepsThread | undefined; // of an agent whose top level plans what to do

  constructor(
    private readonly setup: AgentSetup,
    clock: SharedClock,
    private readonly ingress: Ingress,
    private readonly listener: WiringListener,
    reflex = makeReflexThread,
  ) {
    const { arm } = setup;
    this.posture = new Posture(arm);
    this.shared = {
      clock: clock.buffer,
      measured: ingress.measured.memory.buffer,
      commanded: new SharedVector(2 + 2 * arm.nq).buffer,
      claim: new SharedArrayBuffer(4),
    };
    this.reflex = reflex(setup, this.shared, clock, listener.reflex);
  }

  /**
   * Starts all other threads, once the guardrails are in force.
   * @param record whether the planners report the inputs of each plan
   * @param program run by a planner's thread in place of the agent's own
   */
  async start(record: boolean, program?: URL): Promise<void> {
    await this.reflex.started(); // alone: the guardrails first
    const { setup, shared, listener } = this,
      { arm, agent } = setup;
    const deviation = this.ingress.deviation.buffer,
      folder = learnedFolder(agent);
    this.planners = agent.levels.map((level, index) => {
      const patience = HANG + 2 * (level.deadline ?? level.period);
      return new PlannerThread({ setup, shared, deviation, index, record }, patience, listener.planners, program);
    });
    if (agent.planner !== undefined) this.steps = new StepsThread({ setup, clock: shared.clock });
    if (folder !== undefined) this.perception = new PerceptionThread({ folder, arm }, listener.perception);
  }

  /** Resolves once every level can plan, and images can be encoded. @throws Error if that is impossible */
  async ready(): Promise<void> {
    await Promise.all([
      this.perception?.started(),
      this.steps?.started(),
      ...this.planners.map((planner) => planner.started()),
    ]);
  }

  /** Whether images are encoded. */
  get perceives(): boolean {
    return this.perception !== undefined;
  }

  /** An image of the camera, and the joints [nq] at its instant. */
  encode(image: Image, q: Float64Array): void {
    this.perception?.look(image, this.posture.of(q));
  }

  /** Encodes a picture that a task brings. @throws Error if that fails */
  encodePicture(image: Image): Promise<Percept> {
    return this.perception!.see(image);
  }

  /** Asks the task level for a plan; the answer to an earlier request is void then. */
  planSteps(request: StepRequest, answer: (answer: TaskPlan | StepEnd) => void): void {
    this.steps!.plan(request, answer);
  }

  /** Sends the content of an image to every level that plans from it, with the joints [nq] at its instant. */
  percept({ stamp, z }: Percept, q: Float64Array): void {
    this.toSeeing({ kind: "percept", stamp, z, q });
  }

  /** Sends people and movers to the threads, the guardrails first. */
  bodies(): void {
    const { bodiesStamp: stamp, bodies } = this.ingress.beliefs;
    this.reflex.post({ kind: "bodies", stamp, bodies });
    this.beliefs();
  }

  beliefs(): void {
    const { bodies, objects, inHand } = this.ingress.beliefs;
    this.toPlanners({ kind: "beliefs", beliefs: { bodies, objects, inHand } });
  }

  wrench(stamp: Seconds, wrench: ArrayLike<number>): void {
    this.reflex.post({ kind: "wrench", stamp, force: [wrench[0], wrench[1], wrench[2]] });
  }

  /**
   * Sends the task in force to all threads; without one the planners rest and the arm brakes.
   * @param definition as it was written
   * @param still the guardrails are in force, and the planners rest
   */
  task(generation: number, task: TaskSpec | undefined, definition: unknown, still = false): void {
    const written = (definition as { readonly guardrails?: unknown } | undefined)?.guardrails;
    this.reflex.post({
      kind: "task",
      generation,
      guardrails: (task?.guardrails ?? []) as readonly GuardrailSpec[],
      written: written === undefined ? "" : JSON.stringify(written),
      begun: task !== undefined,
    });
    this.toPlanners({ kind: "task", generation, task: still ? undefined : task, seed: 1 });
  }

  /**
   * Sends a plan to the level below; the lowest level's to the reflex and to the levels that plan from where the arm
   * will be.
   * @param resting whether the arm comes to rest and follows none
   */
  plan(index: number, generation: number, plan: Plan, resting: boolean): void {
    const below = this.planners[index + 1];
    if (below !== undefined) return below.post({ kind: "above", generation, plan });
    if (resting) return;
    this.reflex.post({ kind: "plan", generation, plan });
    this.toSeeing({ kind: "followed", generation, plan }, index);
  }

  /** The goals hold: the arm comes to rest, and follows no plan until the next task or until they do not hold. */
  rest(generation: number, atOnce: boolean): void {
    this.reflex.post({ kind: "rest", generation, atOnce });
  }

  /** To be called regularly: a planner that hangs is restarted. */
  watch(): void {
    for (const planner of this.planners) planner.watch();
  }

  async end(): Promise<void> {
    await Promise.all(
      [this.reflex, this.perception, this.steps, ...this.planners].flatMap((thread) => thread?.end() ?? []),
    );
  }

  private toPlanners(message: ToPlanner): void {
    for (const planner of this.planners) planner.post(message);
  }

  /** @param but the level that does not need it: its own plan */
  private toSeeing(message: ToPlanner, but?: number): void {
    for (const [index, planner] of this.planners.entries())
      if (index !== but && sees(this.setup, index)) planner.post(message);
  }
}
