import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { ReplaySubject } from "rxjs";
import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Command } from "../../core/Command.js";
import type { Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";
import type { FromLog, LogData, ToLog } from "./episodeLogWorker.js";
import type { LogEntry } from "./logRecord.js";
import { logName, type LogLimits } from "./pruneLogs.js";

const PERIOD = 50; // ms between batches; with the thread's own work an entry is on disk within 200 ms
const MOST_WAITING = 20_000; // entries handed over and not yet on disk: about half a minute of a run

export interface EpisodeLogOptions {
  readonly folder: string;
  readonly jointNames: readonly string[];
  readonly limits: LogLimits;
  readonly waiting?: number; // entries that may wait for a slow disk; later ones are lost until it has caught up
}

export interface EpisodeEnd {
  readonly success: boolean;
  readonly code: string;
  readonly message: string;
  readonly energy: number;
  readonly duration: Seconds;
}

/**
 * An append-only log of one run as MCAP. Every episode contains its task, observations, sent commands, plans, beliefs
 * and result. Entries are collected here and written by a separate thread, so the caller never waits for the disk. A
 * full disk ends the log, and a slow disk leaves gaps in it; `notices` and `trouble` report both at once.
 */
export class EpisodeLog {
  readonly path: string;
  /** Messages for the user: an episode that the last run left unfinished, or why logging has stopped. */
  readonly notices = new ReplaySubject<string>();
  /** Entries known to be on disk. */
  written = 0;
  /** Why entries are not logged now; "" if all are. */
  trouble = "";
  private lost = 0; // entries, since the disk fell behind
  private entries: LogEntry[] = [];
  private handed = 0; // entries, to the thread
  private open = true;
  private flushed = performance.now();
  private readonly plans = new Map<string, Plan>(); // the last of each level
  private readonly timer: NodeJS.Timeout;
  private readonly worker: Worker;
  private readonly opened: Promise<void>;
  private readonly closed: Promise<void>;

  /** Resolves once the file is open, or cannot be opened. From then on entries are on disk within 200 ms. */
  static async open(options: EpisodeLogOptions): Promise<EpisodeLog> {
    const log = new EpisodeLog(options);
    await log.opened;
    return log;
  }

  private constructor(private readonly options: EpisodeLogOptions) {
    const folder = resolve(options.folder);
    this.path = join(folder, logName(new Date(), process.pid));
    this.worker = new Worker(new URL("./episodeLogWorker.js", import.meta.url), {
      workerData: { ...options, folder, path: this.path } satisfies LogData,
    });
    this.worker.unref();
    this.opened = new Promise((done) => {
      this.worker.once("message", () => done());
      this.worker.once("exit", () => done());
    });
    this.closed = new Promise((done) => {
      this.worker.on("message", (message: FromLog) => (message.kind === "closed" ? done() : this.hear(message)));
      this.worker.on("error", (error) => this.fail(error.message));
      this.worker.on("exit", () => done());
    });
    this.timer = setInterval(() => this.flush(), PERIOD);
    this.timer.unref();
  }

  /** Copies: the caller may reuse its arrays. */
  joints(stamp: Seconds, q: Float64Array, v: Float64Array): void {
    this.add({ topic: "joint_states", stamp, data: { q: q.slice(), v: v.slice() } });
  }

  bodies(stamp: Seconds, bodies: readonly Body[]): void {
    this.add({ topic: "bodies", stamp, data: { bodies } });
  }

  objects(stamp: Seconds, objects: readonly Belief[]): void {
    this.add({ topic: "objects", stamp, data: { objects } });
  }

  /** A sent command. It must not change afterwards. */
  command(c: Command): void {
    this.add({ topic: "joint_trajectory_controller/joint_trajectory", stamp: c.stamp, data: c });
  }

  /** The latest plan of every level. Only plans that are not logged yet are logged. */
  plan(plans: readonly Plan[]): void {
    for (const plan of plans) {
      if (this.plans.get(plan.level) === plan) continue;
      this.plans.set(plan.level, plan);
      this.add({ topic: "~/plan", stamp: plan.stamp, data: plan });
    }
  }

  state(stamp: Seconds, state: object): void {
    this.add({ topic: "~/state", stamp, data: state });
  }

  /** @param definition the task as it was written */
  begin(number: number, stamp: Seconds, task: string, definition: unknown): void {
    this.add({ topic: "~/episode", stamp, data: { event: "begin", number, task, definition } });
  }

  end(number: number, stamp: Seconds, task: string, result: EpisodeEnd): void {
    this.add({ topic: "~/episode", stamp, data: { event: "end", number, task, ...result } });
  }

  /**
   * Writes the remaining entries and ends the file. Later entries are not logged: the file descriptor may be reused.
   */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    this.open = false;
    this.post({ kind: "close" });
    await this.closed;
    await this.worker.terminate();
    this.notices.complete();
  }

  private add(entry: LogEntry): void {
    if (!this.open || !Number.isFinite(entry.stamp)) return;
    this.entries.push(entry);
    if (performance.now() - this.flushed >= PERIOD) this.flush(); // on a busy thread the timer comes late
  }

  private flush(): void {
    this.flushed = performance.now();
    if (this.entries.length === 0) return;
    const entries = this.entries;
    this.entries = [];
    if (this.handed - this.written > (this.options.waiting ?? MOST_WAITING)) return this.lose(entries.length);
    this.post({ kind: "entries", entries, number: (this.handed += entries.length) });
  }

  private lose(entries: number): void {
    if (this.lost === 0)
      this.notices.next(
        (this.trouble =
          `the disk of ${this.path} is too slow: ${this.handed - this.written} entries are waiting, ` +
          "and new ones are not logged"),
      );
    this.lost += entries;
  }

  private caughtUp(): void {
    if (this.lost === 0 || this.written < this.handed) return;
    this.notices.next(`the disk of ${this.path} has caught up; ${this.lost} entries were not logged`);
    this.lost = 0;
    this.trouble = "";
  }

  private post(message: ToLog): void {
    this.worker.postMessage(message);
  }

  private hear(message: Exclude<FromLog, { kind: "closed" }>): void {
    switch (message.kind) {
      case "opened":
        break;
      case "written":
        this.written = message.number;
        this.caughtUp();
        break;
      case "unfinished": {
        const { task, after, path } = message.episode;
        this.notices.next(`the last run ended in the middle of task ${task} after ${after.toFixed(1)} s (${path})`);
        break;
      }
      case "failed":
        this.fail(message.message);
        break;
      default:
        message satisfies never;
    }
  }

  private fail(why: string): void {
    if (!this.open) return;
    this.open = false;
    this.entries = [];
    this.notices.next((this.trouble = `episodes are no longer logged: ${why}`));
  }
}
