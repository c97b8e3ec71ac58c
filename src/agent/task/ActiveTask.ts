import { Subject } from "rxjs";
import type { Seconds } from "../../core/Seconds.js";
import type { TaskSpec } from "../../cost/index.js";
import type { TaskCode, TaskFeedback, TaskHandle, TaskResult } from "../AgentPort.js";
import type { Arrival } from "./Arrival.js";
import type { StepRun } from "./StepRun.js";

/** A task in progress: decided once, settled when the arm has come to rest. */
export class ActiveTask implements TaskHandle {
  readonly feedback = new Subject<TaskFeedback>();
  readonly result: Promise<TaskResult>;
  energy = 0; // of the top level's last plan, 0 before there is one
  feasible = true; // whether that plan keeps the guardrails
  steps: StepRun | undefined; // of an agent whose top level plans what to do
  decided: { readonly code: TaskCode; readonly message: string; readonly at: Seconds } | undefined;
  private settleResult!: (result: TaskResult) => void;

  /** @param onDecided called at once, so that the planners stop */
  constructor(
    readonly spec: TaskSpec,
    public generation: number, // of what the levels do for it now
    public arrival: Arrival, // replaced once the task's pictures have been encoded
    readonly begun: Seconds,
    readonly timeout: Seconds,
    private readonly now: () => Seconds,
    private readonly onDecided: () => void,
  ) {
    this.result = new Promise((resolve) => (this.settleResult = resolve));
  }

  get name(): string {
    return this.spec.name;
  }

  /** The first decision stands. */
  decide(code: TaskCode, message: string): void {
    if (this.decided !== undefined) return;
    this.decided = { code, message, at: this.now() };
    this.onDecided();
  }

  cancel(): void {
    this.decide("CANCELED", "canceled on request");
  }

  /**
   * Reports the outcome. The duration ends with the decision: for a success when the arm is at rest and the goals have
   * held for their time, for anything else before it brakes.
   */
  settle(): void {
    const { code, message, at } = this.decided!;
    this.settleResult({
      success: code === "NONE",
      code,
      message,
      energy: this.arrival.monitor.energy,
      duration: at - this.begun,
    });
    this.feedback.complete();
  }
}

/** A task that never began. */
export function refusedTask(name: string, code: TaskCode, message: string): TaskHandle {
  const feedback = new Subject<TaskFeedback>();
  feedback.complete();
  return {
    name,
    feedback,
    result: Promise.resolve({ success: false, code, message, energy: 0, duration: 0 }),
    cancel: () => undefined,
  };
}
