import { ReplaySubject, Subject } from "rxjs";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import { monotonic, type SharedClock } from "../core/time/SharedClock.js";
import { SharedVector } from "../core/threads/SharedVector.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { BeliefMemory } from "../memory/beliefs/BeliefMemory.js";
import { refusedTask } from "../agent/task/ActiveTask.js";
import type { AgentPort, AgentStatus, JointSample, Outcome, TaskHandle } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { LatchFile } from "./LatchFile.js";
import { MeasuredJoints } from "./ingress/MeasuredJoints.js";
import { neededInputs, neededNow } from "../agent/setup/neededInputs.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import { nowherePlan } from "./nowherePlan.js";
import type { Proposal } from "./Proposal.js";
import { readGuardrails } from "./readGuardrails.js";
import { ProposalIngress } from "./ingress/ProposalIngress.js";
import { ReflexControl } from "./ReflexControl.js";
import { ReflexThread } from "./threads/ReflexThread.js";
import { stopCause } from "../reflex/stopCause.js";
import { trackingBounds } from "../agent/robot/trackingBounds.js";
import { WrenchIngress } from "./ingress/WrenchIngress.js";

const SILENCE: Seconds = 0.25; // time without a valid proposal after which an arm that follows one brakes
const MOST_A_SECOND = 200; // proposals checked; a flood must not take the time that commands need

/**
 * The separate guard: the reflex thread with its safety filter, and the checks on its inputs. It uses its own robot,
 * agent and scene files and its own joint states and bodies. From the agent it takes only proposals: a plan, which the
 * safety filter checks step by step, and guardrails, which can only tighten. A refused message has no effect; if
 * nothing valid comes, the arm brakes.
 */
export class GuardRuntime implements AgentPort {
  readonly commands = new Subject<Command>();
  readonly plans = new Subject<readonly Plan[]>();
  readonly status = new ReplaySubject<AgentStatus>(1);
  readonly reports = new Subject<ReflexReport>();
  readonly commanded: SharedVector; // [2 + 2nq]: stamp, 1 if a plan is followed, q, v
  rejected = 0;
  lastRejection = "";
  private sources = ""; // what is wrong with the publishers of joint states
  private readonly measured: MeasuredJoints;
  private readonly forces = new WrenchIngress();
  private readonly beliefs: BeliefMemory;
  private readonly proposals: ProposalIngress;
  private readonly reflex: ReflexThread;
  private readonly control: ReflexControl;
  private readonly timer: NodeJS.Timeout;
  private generation = 0;
  private written = ""; // guardrails of the task in force, as received
  private guardrails: readonly GuardrailSpec[] = []; // the same, parsed
  // of the plan in force; NaN: there is no admissible plan; undefined: no agent wants the arm to move
  private start: Seconds | undefined;
  private heard: Seconds = -Infinity; // monotonic, when the last proposal was accepted
  private second = { begun: -Infinity, looked: 0 }; // monotonic
  private ticks = { count: 0, at: 0, rate: 0 };

  constructor(
    private readonly setup: AgentSetup,
    private readonly clock: SharedClock,
    latch = new LatchFile(""),
  ) {
    const { arm } = setup;
    this.measured = new MeasuredJoints(setup);
    this.beliefs = new BeliefMemory(trackingBounds(setup));
    this.proposals = new ProposalIngress(arm.jointNames);
    this.commanded = new SharedVector(2 + 2 * arm.nq);
    const shared = {
      clock: clock.buffer,
      measured: this.measured.memory.buffer,
      commanded: this.commanded.buffer,
      claim: new SharedArrayBuffer(4),
    };
    this.reflex = new ReflexThread(setup, shared, clock, {
      command: (command) => this.commands.next(command),
      report: (report) => this.hear(report),
      died: (why) => {
        this.control.died(`reflex thread: ${why}`);
        this.reject(`reflex thread: ${why}`);
      },
    });
    this.control = new ReflexControl(this.reflex, this.measured, latch);
    this.timer = setInterval(() => this.tell(), 50);
  }

  /** Resolves once its thread is ready. */
  static async start(
    setup: AgentSetup,
    { clock, latch }: { clock: SharedClock; latch?: LatchFile },
  ): Promise<GuardRuntime> {
    const guard = new GuardRuntime(setup, clock, latch);
    await guard.reflex.started();
    return guard;
  }

  async ready(): Promise<void> {}

  get jointNames(): readonly string[] {
    return this.setup.arm.jointNames;
  }

  observeJoints(sample: JointSample): void {
    const refusal = this.measured.take(sample, this.clock.now());
    if (refusal === "restart") this.control.event("brake", "clock_jump");
    else if (refusal !== "" && refusal !== "duplicate" && refusal !== "stranger")
      this.reject(`joint_states: ${refusal}`);
  }

  observeBodies(stamp: Seconds, bodies: readonly Body[]): void {
    const refusal = this.beliefs.seeBodies(stamp, bodies, this.clock.now());
    if (refusal !== "") return this.reject(`bodies: ${refusal}`);
    this.tellOfBodies();
  }

  controllerHampered(): void {}

  jointSources(words: string): void {
    this.sources = words;
  }

  voidBodies(until: Seconds): void {
    const refusal = this.beliefs.voidBodies(until, this.clock.now());
    if (refusal !== "") return this.reject(`bodies_void_until: ${refusal}`);
    this.tellOfBodies();
  }

  private tellOfBodies(): void {
    const { bodiesStamp: stamp, bodies } = this.beliefs;
    this.reflex.post({ kind: "bodies", stamp, bodies });
  }

  observeObjects(): void {}

  observeImage(): void {}

  observeWrench(stamp: Seconds, wrench: ArrayLike<number>): void {
    const refusal = this.forces.take(stamp, wrench, this.clock.now());
    if (refusal === "") this.reflex.post({ kind: "wrench", stamp, force: [wrench[0], wrench[1], wrench[2]] });
    else if (refusal !== "duplicate") this.reject(`wrench: ${refusal}`);
  }

  /** Whether another proposal is accepted now. To be asked before it is decoded. */
  admits(): boolean {
    const now = monotonic();
    if (now - this.second.begun >= 1) this.second = { begun: now, looked: 0 };
    if (this.second.looked++ < MOST_A_SECOND) return true;
    this.reject(`proposals: more than ${MOST_A_SECOND} a second`);
    return false;
  }

  propose(proposal: Proposal): void {
    const refusal = this.proposals.check(proposal, this.clock.now());
    if (refusal !== "") return this.reject(`proposal: ${refusal}`);
    const changed = proposal.guardrails !== this.written;
    if (changed && !this.read(proposal.guardrails)) return;
    this.heard = monotonic();
    const moves = proposal.kind !== "stop";
    if (changed || moves !== (this.start !== undefined)) this.engage(moves);
    const follows = proposal.kind === "follow";
    if (!moves || (follows && proposal.start === this.start)) return; // repeated to show that the agent lives
    this.start = follows ? proposal.start : NaN;
    this.reflex.post({
      kind: "plan",
      generation: this.generation,
      plan: follows ? this.proposals.plan(proposal) : nowherePlan,
    });
  }

  activate(): Outcome {
    return this.control.activate();
  }

  deactivate(): Outcome {
    return this.control.deactivate();
  }

  emergencyStop(): Promise<Outcome> {
    return this.control.stop();
  }

  controllerFailed(why: string): void {
    this.control.event("fault", `controller: ${why}`);
  }

  reset(): Promise<Outcome> {
    return this.control.reset(neededNow(this.setup, this.ages(this.clock.now())));
  }

  accomplish(task: string): TaskHandle {
    return refusedTask(task.slice(0, 80), "NOT_ACTIVE", "the guard has no tasks: send them to the agent");
  }

  async dispose(): Promise<void> {
    this.deactivate();
    await this.control.rest();
    clearInterval(this.timer);
    await this.reflex.end();
    await this.control.settled();
    for (const stream of [this.commands, this.plans, this.status, this.reports]) stream.complete();
  }

  /** Counts what was refused, and keeps the last reason. */
  reject(why: string): void {
    this.rejected++;
    this.lastRejection = why;
  }

  private hear(report: ReflexReport): void {
    this.control.hear(report);
    this.reports.next(report);
  }

  /** Reads a task's guardrails. @returns false if they are invalid: the whole proposal is refused then */
  private read(written: string): boolean {
    try {
      this.guardrails = readGuardrails(written, this.setup);
    } catch (error) {
      this.reject(`proposal: ${(error as Error).message}`);
      return false;
    }
    this.written = written;
    return true;
  }

  /**
   * The plan in force ends, and the arm brakes until another comes.
   * @param moves whether an agent wants the arm to move; if not, anybody may move it
   */
  private engage(moves: boolean): void {
    this.start = undefined;
    this.reflex.post({ kind: "task", generation: ++this.generation, guardrails: this.guardrails, begun: moves });
  }

  private tell(): void {
    const now = this.clock.now();
    if (this.start !== undefined && monotonic() - this.heard > SILENCE) {
      this.control.event("brake", "agent_silent");
      this.engage(false);
    }
    const { report } = this.control;
    if (report !== undefined) this.status.next(this.describe(now, report));
  }

  private describe(now: Seconds, report: ReflexReport): AgentStatus {
    const {
      ticks,
      control: { latch },
    } = this;
    if (now - ticks.at >= 1 || now < ticks.at)
      this.ticks = { count: report.ticks, at: now, rate: (report.ticks - ticks.count) / (now - ticks.at) };
    return {
      stamp: now,
      task: "",
      level: "",
      mode: report.state.mode,
      stoppedBy: stopCause(report),
      latch,
      energy: 0,
      energies: {},
      progress: 0,
      margins: report.margins,
      surprise: 0,
      beliefs: [],
      levels: [],
      guardrail: { checks: report.checks, limited: report.limited, stopped: report.stopped, trips: report.trips },
      missed: report.missed,
      rate: this.ticks.rate,
      inputs: { ...this.ages(now), proposals: monotonic() - this.heard },
      bodies: { known: this.beliefs.bodiesKnown, handed: this.beliefs.bodies.length, hidden: this.beliefs.hidden },
      needs: neededInputs(this.setup),
      rejected: this.rejected,
      lastRejection: this.lastRejection,
      hindrance: this.sources,
    };
  }

  private ages(now: Seconds): Record<string, Seconds> {
    const { stamp } = this.forces;
    return {
      joint_states: now - this.measured.stamp,
      ...this.beliefs.ages(now),
      ...(stamp > -Infinity && { wrench: now - stamp }),
    };
  }
}
