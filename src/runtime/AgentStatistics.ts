import type { LevelStatus } from "../agent/AgentPort.js";
import { searchTime } from "../agent/searchTime.js";
import type { AgentConfig } from "../agent/setup/AgentConfig.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import { LevelStatistics } from "./LevelStatistics.js";
import { strain } from "./strain.js";

/** Rates and times of the agent: plans of its levels, ticks of its reflex. */
export class AgentStatistics {
  private readonly levels: readonly LevelStatistics[];
  private ticks = { count: 0, at: 0, rate: 0 };

  constructor({ levels }: AgentConfig) {
    this.levels = levels.map((level) => new LevelStatistics(level.name, level.period, searchTime(level)));
  }

  planned(index: number, plan: Plan, now: Seconds): void {
    this.levels[index].add(plan, now);
  }

  status(now: Seconds): LevelStatus[] {
    return this.levels.map((level) => level.status(now));
  }

  /** Why plans come late on this machine, in words; "" if they come in time. */
  strain(now: Seconds): string {
    return strain(this.status(now));
  }

  /** @param count of all reflex ticks by now @returns Hz, renewed once a second */
  rate(count: number, now: Seconds): number {
    const { ticks } = this;
    if (now - ticks.at >= 1 || now < ticks.at)
      this.ticks = { count, at: now, rate: (count - ticks.count) / (now - ticks.at) };
    return this.ticks.rate;
  }
}
