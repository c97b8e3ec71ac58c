import rclnodejs from "rclnodejs";
import type { Seconds } from "../../core/Seconds.js";
import { monotonic, type SharedClock } from "../../core/time/SharedClock.js";
import { ClockFilter, SILENCE, type ClockLine } from "./agent/ClockFilter.js";
import { decodeClock } from "./cdr/Clock.js";
import { fromSeconds, toSeconds } from "./cdr/Stamp.js";
import type { ManagedNode } from "./ManagedNode.js";
import { qualities } from "./qualities.js";

const CHECK = 50; // ms

/** What rclnodejs' own time source offers at run time. */
interface TimeSource {
  detachNode(): void;
}

/**
 * Simulated time: subscribes to /clock and makes the agent's clock follow it. The time source of rclnodejs is detached:
 * it asks for a reliable publisher, and would parse each message a second time on the main thread. Its clock (stamps of
 * goals and logs) is set here instead. Until the first message the clock stands at 0.
 */
export class SimClock {
  readonly filter = new ClockFilter();
  private readonly subscription: rclnodejs.Subscription;
  private readonly timer: NodeJS.Timeout;
  private heard: Seconds = monotonic(); // time of the last message on /clock, or of the subscription

  constructor(
    private readonly node: ManagedNode,
    private readonly clock: SharedClock,
  ) {
    (node as unknown as { _timeSource: TimeSource })._timeSource.detachNode();
    clock.set(0, monotonic(), 0);
    this.subscription = node.createSubscription(
      "rosgraph_msgs/msg/Clock",
      "/clock",
      { isRaw: true, qos: qualities.sensor(1) },
      (bytes: Buffer) => {
        const arrival = monotonic();
        this.heard = arrival;
        this.apply(this.filter.observe(toSeconds(decodeClock(bytes)), arrival));
      },
    );
    this.timer = setInterval(() => this.apply(this.filter.check(monotonic())), CHECK);
  }

  /** A joint state of the same simulation has come. */
  witness(stamp: Seconds): void {
    this.apply(this.filter.witness(stamp, monotonic()));
  }

  /** How long /clock has been silent. */
  silence(): Seconds {
    return monotonic() - this.heard;
  }

  destroy(): void {
    clearInterval(this.timer);
    this.node.destroySubscription(this.subscription);
  }

  private apply(line: ClockLine | undefined): void {
    if (line === undefined) return;
    // if a thread does not get to run, time must not run on
    this.clock.set(line.at, line.since, line.rate, SILENCE);
    const { sec, nanosec } = fromSeconds(line.at);
    const clock = this.node.getClock() as unknown as { rosTimeOverride: rclnodejs.Time };
    clock.rosTimeOverride = new rclnodejs.Time(BigInt(sec), BigInt(nanosec), rclnodejs.ClockType.ROS_TIME);
  }
}
