import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Seconds } from "../../../core/Seconds.js";

const RESOLUTION = 10; // ms

/**
 * Delay of this thread's event loop, and resource use of the process; each reading covers the time since the one
 * before.
 */
export class LoopDelay {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  private cpu = process.cpuUsage();
  private at = performance.now();

  constructor() {
    this.histogram.enable();
  }

  /** The histogram holds the time between two timers; the excess over its resolution is the delay. */
  read(): {
    readonly loop: Readonly<Record<"p50" | "p99" | "max", Seconds>>;
    readonly cpu: number;
    readonly memory: number;
  } {
    const h = this.histogram;
    const delay = (ns: number): Seconds => Math.max(0, ns / 1e9 - RESOLUTION / 1e3);
    const loop = { p50: delay(h.percentile(50)), p99: delay(h.percentile(99)), max: delay(h.max) };
    h.reset();
    const { user, system } = process.cpuUsage(this.cpu);
    const cpu = (user + system) / 1e3 / (performance.now() - this.at);
    this.cpu = process.cpuUsage();
    this.at = performance.now();
    return { loop, cpu, memory: process.memoryUsage.rss() / 1e6 };
  }

  stop(): void {
    this.histogram.disable();
  }
}
