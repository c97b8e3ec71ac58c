import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../core/Seconds.js";
import { monotonic } from "../../core/time/SharedClock.js";

/** Warnings to a node's log, one a while: what is wrong with a stream is wrong a hundred times a second. */
export class ThrottledWarnings {
  private last: Seconds = -Infinity; // monotonic

  /** @param period between two */
  constructor(
    private readonly node: rclnodejs.Node,
    private readonly period: Seconds,
  ) {}

  warn(message: string): void {
    if (monotonic() - this.last < this.period) return;
    this.last = monotonic();
    this.node.getLogger().warn(message);
  }
}
