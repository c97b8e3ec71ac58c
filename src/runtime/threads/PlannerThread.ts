import { Worker } from "node:worker_threads";
import type { Plan } from "../../core/Plan.js";
import { monotonic } from "../../core/time/SharedClock.js";
import type { Seconds } from "../../core/Seconds.js";
import { threadTime } from "../../core/time/threadTime.js";
import { endWorker } from "./endWorker.js";
import type { FromPlanner, PlanningData, ToPlanner } from "../messages.js";

/** What a level's thread reports to its owner. */
export interface PlannerListener {
  planned(index: number, generation: number, plan: Plan): void;
  failed(index: number, generation: number, why: string, code?: "NO_PLAN"): void;
  decided(bytes: Uint8Array): void; // if decisions are recorded
}

// times its patience, for a silent thread that hardly gets processor time: to restart it would load a busy machine
// still more
const STARVED = 6;
const MEMORY = 512; // MiB of heap that one level may use before its thread is ended
const YOUNG = 8; // MiB of it for new objects: arrays are made once, and the default of 48 stays resident

/**
 * The thread of one planning level, kept alive. If it dies, runs out of memory or is silent for too long during a task,
 * it is ended and restarted with the task in force. Meanwhile the arm follows the last plan and its fail-safe
 * trajectory.
 */
export class PlannerThread {
  restarts = 0;
  private worker: Worker;
  private task: (ToPlanner & { kind: "task" }) | undefined;
  private heard: Seconds = 0;
  private ran: Seconds = NaN; // its processor time at its last message
  private thread = 0; // as Linux counts
  private ready!: Promise<void>;
  private ended = false;

  /** @param patience s without a message during a task, after which the level counts as hanging */
  constructor(
    private readonly data: PlanningData,
    private readonly patience: Seconds,
    private readonly listener: PlannerListener,
    private readonly program = new URL("./planningWorker.js", import.meta.url),
  ) {
    this.worker = this.spawn();
  }

  /** Resolves once the level can plan. @throws Error if its thread cannot start */
  started(): Promise<void> {
    return this.ready;
  }

  post(message: ToPlanner): void {
    if (message.kind === "task") {
      this.task = message;
      this.alive();
    }
    this.worker.postMessage(message);
  }

  /** To be called regularly: ends a level that hangs. One that got no processor time does not hang. */
  watch(): void {
    const silent = monotonic() - this.heard;
    if (this.task?.task === undefined || silent < this.patience) return;
    // nor does one that is still starting
    if (!(threadTime(this.thread) - this.ran >= 0.5 * this.patience) && silent < STARVED * this.patience) return;
    this.restart(`no plan for ${silent.toFixed(0)} s`);
  }

  async end(): Promise<void> {
    this.ended = true;
    await endWorker(this.worker, this.ready);
  }

  private spawn(): Worker {
    const worker = new Worker(this.program, {
      workerData: this.data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY, maxYoungGenerationSizeMb: YOUNG },
    });
    [this.heard, this.ran, this.thread] = [monotonic(), NaN, 0];
    this.ready = new Promise((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
    this.ready.catch(() => undefined); // the handler below reports the error as well
    worker.on("message", (message: FromPlanner) => this.hear(message));
    worker.on("error", (error) => worker === this.worker && this.restart(error.message));
    // after an error, this is another thread already
    worker.on("exit", (code) => worker === this.worker && this.restart(`it ended with code ${code}`));
    return worker;
  }

  private alive(): void {
    this.heard = monotonic();
    this.ran = threadTime(this.thread);
  }

  private hear(message: FromPlanner): void {
    if (message.kind === "ready") this.thread = message.thread;
    this.alive();
    if (message.kind === "plan") this.listener.planned(this.data.index, message.generation, message.plan);
    else if (message.kind === "decision") this.listener.decided(message.bytes);
    else if (message.kind === "failure")
      this.listener.failed(this.data.index, message.generation, message.failure, message.code);
  }

  private restart(why: string): void {
    if (this.ended) return;
    this.restarts++;
    void this.worker.terminate();
    this.worker = this.spawn();
    if (this.task !== undefined) this.worker.postMessage(this.task);
    process.emitWarning(
      `the thread of level ${this.data.setup.agent.levels[this.data.index].name} was restarted: ${why}`,
      "TelosPlanner",
    );
  }
}
