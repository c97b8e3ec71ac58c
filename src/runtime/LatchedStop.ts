import type { ModeEvent } from "../guardrails/mode.js";
import type { Outcome } from "../agent/AgentPort.js";
import type { LatchFile } from "./LatchFile.js";
import type { Latch } from "../agent/Latch.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";

const WITHIN = 1000; // ms within which a stop must be confirmed, and a reset done

/**
 * Emergency stop and reset of a reflex. The answer rests on the reflex's own report and on the disk. Every latch is
 * stored, whatever caused it; a process that starts with a stored latch is latched before it can move. The stored latch
 * is removed only once the reflex reports that it is free after a person's reset. Any other event leaves it latched.
 */
export class LatchedStop {
  private report: ReflexReport | undefined;
  private freeing = false; // a person has reset
  private resetting = false; // one reset at a time: a report does not say which of two it follows

  constructor(
    private readonly file: LatchFile,
    private readonly event: (event: ModeEvent, by: string) => void,
  ) {
    if (file.latch !== undefined) event("fault", file.latch.by);
  }

  get latch(): Latch | undefined {
    return this.file.latch;
  }

  /** Why a latch does not outlive this process; "" if it does. */
  get trouble(): string {
    return this.file.trouble;
  }

  hear(report: ReflexReport): void {
    this.report = report;
    const { state, by } = report;
    if (state.next === "latched") this.keep(by);
    else if (this.freeing) {
      this.freeing = false;
      void this.file.clear();
    }
  }

  /** A latch that only another process can leave: the reflex's thread has ended. */
  keep(by: string): void {
    if (this.latch?.by !== by) void this.file.set({ by, since: new Date().toISOString() });
  }

  /** Resolves when every latch is on disk. */
  settled(): Promise<void> {
    return this.file.settled();
  }

  async stop(): Promise<Outcome> {
    const before = this.latch;
    this.freeing = false;
    this.event("fault", "emergency_stop");
    const seen = await until(() => this.report?.state.next === "latched" && this.latch !== undefined);
    if (this.latch !== undefined && this.trouble !== "") void this.file.set(this.latch); // the disk may work again
    if (!seen)
      return {
        ok: false,
        message:
          `the stop is not confirmed within ${WITHIN / 1000} s, the guardrails are ` +
          `${this.report?.state.mode ?? "unconfigured"}: use the arm's own stop`,
      };
    await soon(this.file.settled());
    if (this.latch === undefined) return { ok: false, message: "it was reset meanwhile" };
    const { mode } = this.report!.state;
    const how = mode === "latched" ? "stands latched" : "brakes, then stays latched";
    return {
      ok: true,
      message:
        `${before === undefined ? "" : "already "}${told(this.latch)}; the arm ${how} until a person resets ` +
        `it${this.unkept()}`,
    };
  }

  /**
   * @param may whether the latch may be left now @param active whether the node is; if not, it is inactive once free
   */
  async reset(may: Outcome, active: boolean): Promise<Outcome> {
    const { latch } = this;
    const was = latch === undefined ? "" : told(latch);
    if (!may.ok) return { ok: false, message: [may.message, was].filter((x) => x !== "").join("; ") };
    const fastened = this.file.fastened();
    if (fastened !== "") return { ok: false, message: `${was}; its file cannot be removed: ${fastened}` };
    if (this.resetting) return { ok: false, message: `a reset is under way; ${was}` };
    this.resetting = true;
    try {
      return await this.free(was, active);
    } finally {
      this.resetting = false;
    }
  }

  private async free(was: string, active: boolean): Promise<Outcome> {
    this.freeing = true;
    this.event("reset", "");
    if (!active) this.event("deactivate", "deactivate");
    const seen = await until(() => !this.freeing && this.report?.state.mode !== "latched");
    await soon(this.file.settled());
    if (!seen || this.latch !== undefined)
      return {
        ok: false,
        message: `not done within ${WITHIN / 1000} s; ${this.latch === undefined ? was : told(this.latch)}`,
      };
    return { ok: true, message: `was ${was}${this.unkept()}` };
  }

  private unkept(): string {
    return this.trouble === "" ? "" : `; not kept over a restart: ${this.trouble}`;
  }
}

/** A latch in words. */
export const told = ({ by, since }: Latch): string => `latched by ${by}${since === "" ? "" : ` since ${since}`}`;

async function until(condition: () => boolean): Promise<boolean> {
  for (const limit = performance.now() + WITHIN; !condition();) {
    if (performance.now() > limit) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

/** A hanging disk must not keep a person waiting. */
const soon = (promise: Promise<void>): Promise<unknown> =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, WITHIN))]);
