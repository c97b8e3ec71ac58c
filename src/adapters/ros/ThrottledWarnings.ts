import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../core/Seconds.js";
import { monotonic } from "../../core/time/SharedClock.js";

/** Warnings to a node's log, at most one per period: a fault of a stream occurs a hundred times a second. */
export class ThrottledWarnings {
  private last: Seconds = -Infinity; // monotonic

  /** @param period minimum time between two */
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
