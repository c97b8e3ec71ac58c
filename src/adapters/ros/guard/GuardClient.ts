import type rclnodejs from "rclnodejs";
import type { Outcome } from "../../../agent/AgentPort.js";
import type { AgentSetup } from "../../../agent/setup/AgentSetup.js";
import type { SharedMemory, ToReflex } from "../../../runtime/messages.js";
import type { ReflexReport } from "../../../reflex/ReflexReport.js";
import { proposalOf } from "../../../runtime/Proposal.js";
import type { ReflexListener, ReflexPort } from "../../../runtime/ReflexPort.js";
import type { Clock } from "../../../core/time/Clock.js";
import type { Plan } from "../../../core/Plan.js";
import type { Seconds } from "../../../core/Seconds.js";
import { SharedVector } from "../../../core/threads/SharedVector.js";
import type { Mode } from "../../../guardrails/mode.js";
import { decodeCommanded } from "../cdr/Commanded.js";
import { decodeGuardReport } from "../cdr/GuardReport.js";
import { decodeJointTrajectory, type JointTrajectory } from "../cdr/JointTrajectory.js";
import { encodeProposal, PROPOSAL_KINDS } from "../cdr/Proposal.js";
import { fromSeconds, later, toSeconds } from "../cdr/Stamp.js";
import { commandTopic } from "../commandTopic.js";
import { guardSilence } from "./guardSilence.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";

const GUARD = "telos_guard";
const HEARTBEAT = 50; // ms between proposals; the same one is repeated if there is no new one
// our heartbeats without a message of the guard, after which a task waits for it; counted, so that a pause of our own
// is not taken for the guard's death
const SILENCE = 10;
const GONE = 100; // after which it counts as gone
const ANSWER = 2500; // ms for the guard's answer: it checks for a second, and may wait for its disk as long
const UNHEARD: ReflexReport = {
  kind: "report",
  state: { mode: "inactive", next: "inactive" },
  by: "guard_silent",
  margin: NaN,
  idle: true,
  fresh: false,
  margins: [],
  checks: 0,
  limited: 0,
  stopped: 0,
  trips: {},
  missed: 0,
  ticks: 0,
};

/**
 * The reflex in the separate node `telos_guard`. Plans go out as proposals, repeated so that the guard sees that we
 * live; its reports and commands come back. Our own lifecycle does not change the guard's: an agent that is not active
 * proposes to stop. Only the emergency stop is passed on. The latch belongs to the guard, and a person resets it there.
 */
export class GuardClient implements ReflexPort {
  private readonly subscriptions: rclnodejs.Subscription[] = [];
  private readonly proposals: rclnodejs.Publisher<"telos_interfaces/msg/Proposal">;
  readonly apart = {
    stop: () => this.stop(),
    resetAt: "",
    silence: () => guardSilence(GUARD, this.report === UNHEARD ? undefined : this.report, this.silence > SILENCE),
  };
  private readonly emergency: rclnodejs.Client<"std_srvs/srv/Trigger">;
  private readonly timer: NodeJS.Timeout;
  private readonly commanded: SharedVector; // only this thread writes it here
  private readonly out: Float64Array;
  private readonly order: readonly string[];
  private plan: Plan | undefined;
  private generation = 0;
  private written = ""; // guardrails of the task
  private willing = false; // our own lifecycle lets the arm move
  private report = UNHEARD;
  private silence = 0; // heartbeats
  private stamp: Seconds = -Infinity; // of the last proposal

  constructor(
    private readonly node: ManagedNode,
    setup: AgentSetup,
    shared: SharedMemory,
    private readonly clock: Clock,
    private readonly listener: ReflexListener,
  ) {
    const { nq, jointNames } = setup.arm;
    this.order = jointNames;
    this.commanded = new SharedVector(2 + 2 * nq, shared.commanded);
    this.out = new Float64Array(this.commanded.length);
    this.commanded.read(this.out);
    this.proposals = node.createPublisher("telos_interfaces/msg/Proposal", "~/proposal", {
      qos: qualities.reliable(1),
    });
    this.listen("telos_interfaces/msg/Commanded", `${GUARD}/commanded`, (bytes) => this.hearCommanded(bytes));
    this.listen("telos_interfaces/msg/GuardReport", `${GUARD}/report`, (bytes) => this.hearReport(bytes));
    this.listen("trajectory_msgs/msg/JointTrajectory", commandTopic(setup.robot.controller, GUARD), (bytes) =>
      this.hearCommand(decodeJointTrajectory(bytes)),
    );
    this.emergency = node.createClient("std_srvs/srv/Trigger", `${GUARD}/emergency_stop`);
    this.apart.resetAt = node.resolveServiceName(`${GUARD}/reset`);
    this.timer = setInterval(() => this.beat(), HEARTBEAT);
  }

  /** At once: the guard may start long after us, or restart. */
  async started(): Promise<void> {
    this.listener.report(UNHEARD);
  }

  post(message: ToReflex): void {
    switch (message.kind) {
      case "plan":
        if (message.generation === this.generation) this.propose(message.plan);
        break;
      case "rest": // an arm that recovers without a plan comes to rest
        if (message.generation === this.generation && this.plan !== undefined)
          this.propose({ ...this.plan, feasible: false });
        break;
      case "task":
        this.generation = message.generation;
        this.written = message.written ?? "";
        this.propose(undefined);
        break;
      case "event":
        this.apply(message.event);
        break;
      case "bodies": // the guard has perception of its own
      case "wrench": // and feels by itself
      case "end":
        break;
      default:
        message satisfies never;
    }
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    for (const s of this.subscriptions) this.node.destroySubscription(s);
    this.node.destroyClient(this.emergency);
    this.node.destroyPublisher(this.proposals);
  }

  private apply(event: Extract<ToReflex, { kind: "event" }>["event"]): void {
    if (event === "activate") this.willing = true;
    if (event === "deactivate") this.willing = false;
    if (event === "deactivate" || event === "fault") this.propose(undefined);
    if (event === "fault") void this.stop();
    this.tell();
  }

  /** The guard's answer, or a failure if none comes in time. */
  private stop(): Promise<Outcome> {
    this.propose(undefined);
    const quiet = this.silence > SILENCE ? "it is silent" : "no answer";
    const why = this.report === UNHEARD ? "it has never reported" : quiet;
    return new Promise((resolve) => {
      const late = setTimeout(
        () => resolve({ ok: false, message: `${GUARD} did not confirm the stop (${why}): use the arm's own stop` }),
        ANSWER,
      );
      this.emergency.sendRequest({}, (answer) => {
        clearTimeout(late);
        const { success: ok, message } = answer as { success: boolean; message: string };
        resolve({ ok, message: `${GUARD}: ${message}` });
      });
    });
  }

  private propose(plan: Plan | undefined): void {
    this.plan = plan;
    const now = this.clock.now();
    // each stamp once and rising, unless the clock was set back
    this.stamp = now < this.stamp - 0.5 ? now : Math.max(now, this.stamp + 1e-6);
    const p = proposalOf(plan, this.order, this.written, this.stamp);
    const bytes = encodeProposal({
      ...p,
      header: { stamp: fromSeconds(p.stamp), frameId: "" },
      kind: PROPOSAL_KINDS.indexOf(p.kind!),
      start: fromSeconds(p.start),
    });
    this.proposals.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
  }

  private beat(): void {
    if (this.node.closed) return; // it ended before we were configured
    this.silence++;
    this.propose(this.plan);
    this.tell();
  }

  /**
   * The guard's state, limited by our lifecycle: its mode or ours, whichever is stricter. A guard that falls silent
   * stops the arm; one that stays silent counts as latched.
   */
  private tell(): void {
    const { report } = this;
    if (report === UNHEARD) return this.listener.report(UNHEARD);
    const silent = { ...report, by: "guard_silent", idle: true, fresh: false };
    if (this.silence > GONE) return this.listener.report({ ...silent, state: { mode: "latched", next: "latched" } });
    if (this.silence > SILENCE && report.state.next === "active")
      return this.listener.report({
        ...silent,
        state: { mode: "stopping", next: this.willing ? "active" : "inactive" },
      });
    // a guard that waits for fresh joint states does not prevent our activation
    if (this.willing || report.state.next === "latched") return this.listener.report(report);
    this.listener.report({ ...report, state: { mode: report.idle ? "inactive" : "stopping", next: "inactive" } });
  }

  private hearReport(bytes: Uint8Array): void {
    const { mode, next, stoppedBy: by, ...m } = decodeGuardReport(bytes);
    this.silence = 0;
    this.report = { ...m, kind: "report", state: { mode: mode as Mode, next: next as Mode }, by };
    this.tell();
  }

  private hearCommanded(bytes: Uint8Array): void {
    const { header, following, position, velocity } = decodeCommanded(bytes);
    const nq = this.order.length;
    if (position.length !== nq || velocity.length !== nq) return;
    this.out[0] = toSeconds(header.stamp);
    this.out[1] = following ? 1 : 0;
    this.out.set(Array.from(position), 2);
    this.out.set(Array.from(velocity), 2 + nq);
    this.commanded.write(this.out);
  }

  /**
   * Remembers the command that was sent, whoever sent it; of the path in force that it begins with, only the part whose
   * points are a period apart.
   */
  private hearCommand({ header, jointNames, points: all }: JointTrajectory): void {
    const dt = (all.at(-1)?.timeFromStart ?? 0) - (all.at(-2)?.timeFromStart ?? 0);
    const points = all.slice(
      1 +
        all.findLastIndex(
          (p, i) => i < all.length - 1 && Math.abs(all[i + 1].timeFromStart - p.timeFromStart - dt) > 1e-6,
        ),
    );
    const nq = this.order.length;
    const index = this.order.map((name) => jointNames.indexOf(name));
    if (
      points.length < 2 ||
      index.includes(-1) ||
      points.some((p) => p.positions.length !== jointNames.length || p.velocities.length !== jointNames.length)
    )
      return;
    const q = new Float64Array(points.length * nq),
      v = new Float64Array(points.length * nq);
    points.forEach((p, k) =>
      index.forEach((i, j) => ((q[k * nq + j] = p.positions[i]), (v[k * nq + j] = p.velocities[i]))),
    );
    this.listener.command({
      stamp: toSeconds(later(header.stamp, points[0].timeFromStart)),
      dt,
      N: points.length,
      nq,
      q,
      v,
    });
  }

  private listen(
    type: rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>,
    topic: string,
    take: (bytes: Uint8Array) => void,
  ): void {
    this.subscriptions.push(
      this.node.createSubscription(type, topic, { isRaw: true, qos: qualities.sensor(1) }, (bytes: Buffer) => {
        try {
          take(bytes);
        } catch (error) {
          this.node.getLogger().debug(`${topic}: ${(error as Error).message}`);
        }
      }),
    );
  }
}
