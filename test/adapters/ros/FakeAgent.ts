import { ReplaySubject, Subject } from "rxjs";
import type {
  AgentPort,
  AgentStatus,
  JointSample,
  Outcome,
  TaskCode,
  TaskFeedback,
  TaskHandle,
  TaskResult,
} from "../../../src/agent/AgentPort.js";
import type { Belief } from "../../../src/core/Belief.js";
import type { Body } from "../../../src/core/Body.js";
import type { Clock } from "../../../src/core/time/Clock.js";
import type { Command } from "../../../src/core/Command.js";
import type { Image } from "../../../src/core/Observation.js";
import type { Plan } from "../../../src/core/Plan.js";
import type { Thing } from "../../../src/core/Thing.js";
import type { Mode } from "../../../src/guardrails/mode.js";
import { plan, status } from "./samples.js";

const BRAKING = 150; // ms

/**
 * An AgentPort that thinks nothing. Tasks: `quick` succeeds after 0.3 s, `long` only ends when it is cancelled or
 * preempted, anything else is invalid. While a task runs, commands go out at 100 Hz: one joint after another from 0 to
 * 0.1 rad, at rest at the end. What comes in is told to `heard`, the first of a kind.
 */
export class FakeAgent implements AgentPort {
  readonly commands = new Subject<Command>();
  readonly plans = new Subject<readonly Plan[]>();
  readonly status = new ReplaySubject<AgentStatus>(1);
  private mode: Mode = "inactive";
  private stoppedBy = "";
  private task: { readonly name: string; readonly end: (code: TaskCode, message: string) => void } | undefined;
  private readonly timers: NodeJS.Timeout[];
  private readonly kinds = new Set<string>();

  constructor(
    readonly jointNames: readonly string[],
    private readonly clock: Clock,
    private readonly heard: (kind: string, what: unknown) => void,
  ) {
    this.timers = [setInterval(() => this.tell(), 20), setInterval(() => this.command(), 10)];
    this.tell();
  }

  observeJoints({ stamp, names, positions, velocities, efforts = [] }: JointSample): void {
    this.hear("joints", {
      behind: this.clock.now() - stamp,
      names,
      positions: Array.from(positions),
      velocities: Array.from(velocities),
      efforts: Array.from(efforts),
    });
  }

  voidBodies(): void {}

  observeBodies(stamp: number, bodies: readonly Body[]): void {
    this.hear("bodies", { stamp, bodies });
  }

  observeObjects(stamp: number, objects: readonly Belief[], things?: readonly Thing[]): void {
    this.hear("objects", { stamp, objects, things });
  }

  observeWrench(stamp: number, wrench: ArrayLike<number>): void {
    this.hear("wrench", { stamp, wrench: Array.from(wrench) });
  }

  observeImage(camera: string, { width, height, data }: Image): void {
    this.hear("image", { camera, width, height, data: Array.from(data) });
  }

  async ready(): Promise<void> {}

  activate(): Outcome {
    setTimeout(() => (this.mode = "active"), 30);
    return { ok: true, message: "" };
  }

  deactivate(): Outcome {
    this.task?.end("NOT_ACTIVE", "deactivated");
    if (this.mode === "active") this.brake("inactive", "deactivate");
    return { ok: true, message: "" };
  }

  async emergencyStop(): Promise<Outcome> {
    this.task?.end("EMERGENCY_STOP", "emergency stop");
    this.brake("latched", "emergency_stop");
    return { ok: true, message: "latched" };
  }

  controllerFailed(why: string): void {
    this.task?.end("GUARDRAIL", `stopped by controller: ${why}`);
    this.brake("latched", `controller: ${why}`);
  }

  controllerHampered(words: string): void {
    this.heard("hampered", words);
  }

  jointSources(words: string): void {
    this.heard("sources", words);
  }

  async reset(): Promise<Outcome> {
    if (this.mode !== "latched") return { ok: false, message: `got reset while ${this.mode}, want latched` };
    this.mode = "active";
    return { ok: true, message: "" };
  }

  accomplish(text: string): TaskHandle {
    const begun = performance.now();
    const feedback = new Subject<TaskFeedback>();
    let end!: (code: TaskCode, message: string) => void;
    const result = new Promise<TaskResult>((resolve) => {
      end = (code, message) =>
        resolve({ success: code === "NONE", code, message, energy: 0.25, duration: (performance.now() - begun) / 1e3 });
    });
    if (this.mode !== "active") end("NOT_ACTIVE", `the agent is ${this.mode}`);
    else if (text !== "quick" && text !== "long") end("INVALID_TASK", `got '${text.slice(0, 20)}' ≠ quick`);
    else {
      this.task?.end("PREEMPTED", `preempted by ${text}`);
      const timer = setInterval(
        () => feedback.next({ level: "motion", subgoal: "ahead", energy: 1, progress: 0.5, margin: 0.03 }),
        100,
      );
      const task = { name: text, end };
      this.task = task;
      if (text === "quick") setTimeout(() => end("NONE", ""), 300);
      void result.then(() => {
        clearInterval(timer);
        feedback.complete();
        if (this.task === task) this.task = undefined;
      });
    }
    return {
      name: text,
      feedback,
      result,
      cancel: () => void setTimeout(() => end("CANCELED", "cancelled; at rest"), BRAKING),
    };
  }

  async dispose(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
  }

  private hear(kind: string, what: unknown): void {
    if (this.kinds.has(kind)) return;
    this.kinds.add(kind);
    this.heard(kind, what);
  }

  private brake(next: Mode, by: string): void {
    this.mode = "stopping";
    this.stoppedBy = by;
    setTimeout(() => (this.mode = next), BRAKING);
  }

  private tell(): void {
    const stamp = this.clock.now();
    this.status.next({
      ...status,
      stamp,
      task: this.task?.name ?? "",
      mode: this.mode,
      stoppedBy: this.stoppedBy,
      beliefs: status.beliefs.map((b) => ({ ...b, stamp: stamp - 1 })),
    });
    const nq = this.jointNames.length;
    if (this.task) this.plans.next([plan("subgoal", nq, 4, 8), plan("motion", nq, 10, 2)]);
  }

  private command(): void {
    if (this.task === undefined) return;
    const N = 3,
      nq = this.jointNames.length;
    const q = Float64Array.from({ length: N * nq }, (_, i) => 0.05 * Math.floor(i / nq) * (1 + (i % nq)));
    this.commands.next({ stamp: this.clock.now() + 0.01, dt: 0.1, N, nq, q, v: new Float64Array(N * nq) });
  }
}
