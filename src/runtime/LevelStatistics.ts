import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { LevelStatus } from "../agent/AgentPort.js";

const WINDOW = 512; // plans
const LAST = 9; // plans

/** Times and delays of one level, from its plans. */
export class LevelStatistics {
  private plans = 0;
  private rollouts = 0;
  private late = 0;
  private longest = 0;
  private readonly times: Seconds[] = [];
  private readonly arrivals: Seconds[] = [];

  constructor(
    private readonly name: string,
    private readonly period: Seconds,
    private readonly wanted: Seconds, // of a plan
  ) {}

  add(plan: Plan, now: Seconds): void {
    this.plans++;
    this.rollouts += plan.rollouts;
    if (plan.time > this.period) this.late++;
    this.longest = Math.max(this.longest, plan.time);
    this.times.push(plan.time);
    this.arrivals.push(now);
    if (this.times.length > WINDOW) this.times.shift();
    if (this.arrivals.length > WINDOW) this.arrivals.shift();
  }

  status(now: Seconds): LevelStatus {
    const sorted = this.times.slice().sort((a, b) => a - b);
    const quantile = (p: number): Seconds =>
      sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
    const recent = this.arrivals.filter((t) => t > now - 1).length;
    const { name, plans, late, rollouts, wanted } = this;
    const last = this.times.slice(-LAST).sort((a, b) => a - b);
    return {
      wanted,
      recent: last[last.length >> 1] ?? 0,
      name,
      rate: recent,
      plans,
      p50: quantile(0.5),
      p99: quantile(0.99),
      max: this.longest,
      late,
      rollouts,
    };
  }
}
