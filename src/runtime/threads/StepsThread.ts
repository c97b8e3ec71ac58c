import { Worker } from "node:worker_threads";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import type { StepEnd, StepRequest } from "../../agent/task/StepRun.js";
import type { TaskPlan } from "../../planner/task/TaskPlan.js";
import { endWorker } from "./endWorker.js";

/** What the thread of the task level sends. */
export type FromSteps =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly number: number; readonly answer: TaskPlan | StepEnd };

/**
 * The thread of the task level. It plans on request, one plan at a time; a later request makes the answer to the one
 * before void. If it dies, the answer is the reason, and the next request starts it again.
 */
export class StepsThread {
  private worker: Worker;
  private ready!: Promise<void>;
  private answer: ((answer: TaskPlan | StepEnd) => void) | undefined;
  private number = 0;
  private alive = true;
  private ended = false;

  constructor(private readonly data: { readonly setup: AgentSetup; readonly clock: SharedArrayBuffer }) {
    this.worker = this.spawn();
  }

  /** Resolves once it can plan. @throws Error if its thread cannot start */
  started(): Promise<void> {
    return this.ready;
  }

  plan(request: StepRequest, answer: (answer: TaskPlan | StepEnd) => void): void {
    if (!this.alive) this.worker = this.spawn();
    [this.number, this.answer] = [request.number, answer];
    this.worker.postMessage(request);
  }

  async end(): Promise<void> {
    this.ended = true;
    await endWorker(this.worker, this.ready);
  }

  private spawn(): Worker {
    const worker = new Worker(new URL("./stepsWorker.js", import.meta.url), { workerData: this.data });
    this.alive = true;
    this.ready = new Promise((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
    this.ready.catch(() => undefined); // the handler below reports the error as well
    worker.on("message", (message: FromSteps) => {
      if (message.kind === "answer" && message.number === this.number) this.answer?.(message.answer);
    });
    worker.on("error", (error) => this.died(error.message));
    worker.on("exit", (code) => this.died(`it ended with code ${code}`));
    return worker;
  }

  private died(why: string): void {
    if (this.ended || !this.alive) return;
    this.alive = false;
    this.answer?.({ code: "INTERNAL", message: `the thread of the task level: ${why}` });
  }
}
