import type rclnodejs from "rclnodejs";
import type { Subscription } from "rxjs";
import type { GuardRuntime } from "../../../runtime/GuardRuntime.js";
import type { Clock } from "../../../core/time/Clock.js";
import { encodeCommanded } from "../cdr/Commanded.js";
import { encodeGuardReport } from "../cdr/GuardReport.js";
import { decodeProposal, PROPOSAL_KINDS } from "../cdr/Proposal.js";
import { fromSeconds, toSeconds } from "../cdr/Stamp.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";

const COMMANDED = 10; // ms

/** Messages between the guard and the agent: proposals in, the commanded state and the report out. */
export class GuardTopics {
  private readonly subscription: rclnodejs.Subscription;
  private readonly publishers: rclnodejs.Publisher<rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>>[];
  private readonly reports: Subscription;
  private readonly timer: NodeJS.Timeout;
  private readonly sample: Float64Array;
  private told = 0; // number of writes of the commanded state

  constructor(
    private readonly node: ManagedNode,
    private readonly guard: GuardRuntime,
    clock: Clock,
  ) {
    this.sample = new Float64Array(guard.commanded.length);
    const commanded = node.createPublisher("telos_interfaces/msg/Commanded", "~/commanded", {
      qos: qualities.reliable(1),
    });
    const report = node.createPublisher("telos_interfaces/msg/GuardReport", "~/report", { qos: qualities.reliable(1) });
    this.publishers = [commanded, report] as never;
    this.subscription = node.createSubscription(
      "telos_interfaces/msg/Proposal",
      "telos/proposal",
      { isRaw: true, qos: qualities.sensor(1) },
      (bytes: Buffer) => guard.admits() && this.hear(bytes),
    );
    this.reports = guard.reports.subscribe((r) => {
      const { mode, next } = r.state;
      publish(
        report,
        encodeGuardReport({
          ...r,
          header: { stamp: fromSeconds(clock.now()), frameId: "" },
          mode,
          next,
          stoppedBy: r.by,
          rejected: guard.rejected,
          lastRejection: guard.lastRejection,
        }),
      );
    });
    this.timer = setInterval(() => this.tell(commanded), COMMANDED);
  }

  destroy(): void {
    clearInterval(this.timer);
    this.reports.unsubscribe();
    this.node.destroySubscription(this.subscription);
    for (const p of this.publishers) this.node.destroyPublisher(p);
  }

  private hear(bytes: Buffer): void {
    try {
      const m = decodeProposal(bytes);
      this.guard.propose({
        ...m,
        stamp: toSeconds(m.header.stamp),
        kind: PROPOSAL_KINDS[m.kind],
        start: toSeconds(m.start),
      });
    } catch (error) {
      this.guard.reject(`proposal: ${(error as Error).message}`);
    }
  }

  private tell(publisher: rclnodejs.Publisher<"telos_interfaces/msg/Commanded">): void {
    const { sample, guard } = this;
    const writes = guard.commanded.read(sample);
    if (writes === this.told || !Number.isFinite(sample[0])) return;
    this.told = writes;
    const nq = (sample.length - 2) / 2;
    publish(
      publisher,
      encodeCommanded({
        header: { stamp: fromSeconds(sample[0]), frameId: "" },
        following: sample[1] === 1,
        position: sample.subarray(2, 2 + nq),
        velocity: sample.subarray(2 + nq),
      }),
    );
  }
}

function publish(publisher: { publish(message: never): void }, bytes: Uint8Array): void {
  publisher.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
}
