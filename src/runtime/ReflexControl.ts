import type { ModeEvent } from "../guardrails/mode.js";
import type { LatchStatus, Outcome } from "../agent/AgentPort.js";
import { LatchedStop, told } from "./LatchedStop.js";
import type { LatchFile } from "./LatchFile.js";
import { mayReset } from "./mayReset.js";
import type { NeededInput } from "../agent/NeededInput.js";
import type { MeasuredJoints } from "./ingress/MeasuredJoints.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import type { ReflexPort } from "./ReflexPort.js";

/**
 * What a person may do with a reflex, and what it reports: activation, emergency stop, reset. A separate reflex owns
 * its latch, and only the stop is passed on to it.
 */
export class ReflexControl {
  report: ReflexReport | undefined;
  private willing = false; // the node is active
  private readonly latched: LatchedStop | undefined; // of a reflex inside

  constructor(
    private readonly reflex: ReflexPort,
    private readonly measured: MeasuredJoints,
    latch: LatchFile,
  ) {
    this.latched =
      reflex.apart === undefined ? new LatchedStop(latch, (event, by) => this.event(event, by)) : undefined;
  }

  get mode(): ReflexReport["state"]["mode"] {
    return this.report?.state.mode ?? "unconfigured";
  }

  get latch(): LatchStatus | undefined {
    const {
      latched,
      report,
      reflex: { apart },
    } = this;
    if (latched === undefined)
      return report?.state.next === "latched"
        ? { by: report.by, since: "", resetAt: apart!.resetAt, trouble: "", silence: apart!.silence() }
        : undefined;
    return latched.latch && { ...latched.latch, resetAt: "~/reset", trouble: latched.trouble };
  }

  /**
   * Why nothing may move before a person resets it, or before it reports again, in words; "" if it is active, or will
   * be at rest.
   */
  get refusal(): string {
    const { mode, latch, report } = this,
      silence = this.reflex.apart?.silence() ?? "";
    if (mode === "latched")
      return silence || `${told(latch ?? { by: report!.by, since: "" })}: call ${latch?.resetAt ?? "~/reset"} first`;
    return mode === "active" || mode === "stopping"
      ? ""
      : `the agent is ${mode}, want active${silence && `; ${silence}`}`;
  }

  event(event: ModeEvent, by: string): void {
    this.reflex.post({ kind: "event", event, by });
  }

  hear(report: ReflexReport): void {
    this.report = report;
    this.latched?.hear(report);
  }

  /**
   * Its thread has ended: no command leaves any more, and the arm rests at the end of the fail-safe trajectory it
   * holds.
   */
  died(by: string): void {
    this.latched?.keep(by);
    this.report = this.report && { ...this.report, by, state: { mode: "latched", next: "latched" }, idle: true };
  }

  activate(): Outcome {
    const { mode } = this;
    if (mode !== "inactive" && mode !== "latched")
      return { ok: mode === "active", message: `the guardrails are ${mode}` };
    this.measured.begin();
    this.willing = true; // a latch stays; after its reset the arm may move
    this.event("activate", "");
    return { ok: true, message: "" };
  }

  deactivate(): Outcome {
    this.willing = false;
    this.event("deactivate", "deactivate");
    return { ok: true, message: "" };
  }

  stop(): Promise<Outcome> {
    return this.latched?.stop() ?? this.reflex.apart!.stop();
  }

  async reset(inputs: readonly NeededInput[]): Promise<Outcome> {
    const {
        latched,
        reflex: { apart },
      } = this,
      silence = apart?.silence() ?? "";
    if (latched === undefined)
      return {
        ok: false,
        message: `the guard holds the latch: call ${apart!.resetAt}${silence && `; ${silence}`}`,
      };
    if (this.mode === "latched") this.measured.begin(); // it may have been moved meanwhile
    return latched.reset(mayReset(this.report, inputs), this.willing);
  }

  /** After deactivation: resolves when no sent command moves the arm, or after 2 s. */
  async rest(): Promise<void> {
    const limit = performance.now() + 2000;
    while (this.report !== undefined && !this.report.idle && performance.now() < limit)
      await new Promise((r) => setTimeout(r, 10));
  }

  /** Resolves when every latch is on disk. */
  async settled(): Promise<void> {
    await this.latched?.settled();
  }
}
