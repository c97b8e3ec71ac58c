import type { Seconds } from "../../../core/Seconds.js";
import { monotonic, type SharedClock } from "../../../core/time/SharedClock.js";
import type { ManagedNode } from "../ManagedNode.js";
import { SimClock } from "../SimClock.js";
import { SystemClock } from "../SystemClock.js";
import { sleep } from "./sleep.js";
import { SimTimeEvidence } from "./SimTimeEvidence.js";

/**
 * The source of the agent's time: the system's clock or /clock. If the user named neither and the arm's joint states
 * are stamped by a /clock, the arm is simulated and that is the time.
 */
export class AgentTime {
  private simulation: SimClock | undefined;
  private system: SystemClock | undefined;
  private evidence: SimTimeEvidence | undefined; // while it is not known whose /clock it is
  private foreign = false; // a /clock that is not this arm's was reported

  /**
   * @param simulated whether to take /clock from the start
   * @param said whether the user named the source
   * @param stopping once aborted, the source does not change
   */
  constructor(
    private readonly node: ManagedNode,
    private readonly clock: SharedClock,
    simulated: boolean,
    private readonly said: boolean,
    private readonly stopping: AbortSignal,
  ) {
    if (simulated) this.simulation = new SimClock(node, clock);
    else this.system = new SystemClock(clock);
  }

  /** State of /clock, for the diagnostics. */
  get status(): { readonly simulated: boolean; readonly rate: number; readonly silence: Seconds; resets: number } {
    const { simulation, clock } = this;
    return {
      simulated: simulation !== undefined,
      rate: clock.rate,
      silence: simulation?.silence() ?? 0,
      resets: simulation?.filter.resets ?? 0,
    };
  }

  /** A joint state of the arm has come: its stamp is evidence of simulated time too. */
  witness(stamp: Seconds): void {
    this.simulation?.witness(stamp);
  }

  /**
   * Takes the time from /clock if the arm's joint states are stamped by it.
   * @param within s, to wait for evidence
   * @param jointNames of the arm; undefined while it is not known
   * @param busy whether a task is under way: then the source does not change
   */
  async adopt(within: Seconds, jointNames: readonly string[] | undefined, busy: () => boolean): Promise<void> {
    const { node, clock, stopping } = this;
    if (this.simulation !== undefined || this.said || node.countPublishers("/clock") === 0)
      return this.forgetEvidence();
    const evidence = (this.evidence ??= new SimTimeEvidence(node, jointNames));
    const limit = monotonic() + within;
    while (evidence.verdict() === undefined && monotonic() < limit && !stopping.aborted) await sleep(20);
    const verdict = evidence.verdict();
    if (verdict === "system" && !this.foreign)
      node
        .getLogger()
        .warn(
          "/clock is published, but joint_states are not stamped by it: the agent uses the system's time. If " +
            "the arm is simulated, set use_sim_time",
        );
    this.foreign ||= verdict === "system";
    if (verdict !== "simulated" || this.simulation !== undefined || stopping.aborted || busy()) return;
    this.forgetEvidence();
    this.system?.destroy();
    this.system = undefined;
    const simulated = (this.simulation = new SimClock(node, clock));
    for (let i = 0; i < 50 && clock.rate === 0; i++) await sleep(20);
    if (simulated === this.simulation)
      node
        .getLogger()
        .info("joint_states are stamped by /clock and use_sim_time is not given: the agent takes its time from /clock");
  }

  destroy(): void {
    this.forgetEvidence();
    this.simulation?.destroy();
    this.system?.destroy();
  }

  private forgetEvidence(): void {
    this.evidence?.destroy();
    this.evidence = undefined;
  }
}
