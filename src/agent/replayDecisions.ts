import { Rng } from "../core/math/Rng.js";
import type { LevelRunner } from "../planner/hierarchy/LevelRunner.js";
import { firstDifference } from "./firstDifference.js";
import { buildLevel } from "./setup/buildLevel.js";
import type { Decision } from "./task/Decision.js";
import { loadModels } from "./setup/loadModels.js";
import { loadPlugin } from "./setup/loadPlugins.js";

/** Where a replayed plan differs from the recorded one. */
export interface Difference {
  readonly level: string;
  readonly number: number; // of the plan in the recording, from 0
  readonly stamp: number; // s, where the plan begins
  readonly field: string; // of the plan, with the place in an array
  readonly recorded: unknown;
  readonly replayed: unknown;
}

export interface Replayed {
  readonly level: string;
  readonly plans: number;
  readonly different: number; // plans
}

/**
 * Makes every recorded plan again, each from its recorded inputs, random numbers and clock readings, and compares bit
 * for bit. A difference does not carry over to the next plan, which uses what was recorded.
 */
export async function replayDecisions(
  decisions: Iterable<Decision>,
  onDifference: (d: Difference) => void,
): Promise<readonly Replayed[]> {
  const levels = new Map<number, LevelRunner>();
  const counts = new Map<string, { level: string; plans: number; different: number }>();
  for (const d of decisions) {
    if (d.kind === "task") {
      for (const path of d.setup.agent.plugins) loadPlugin(path);
      const models = await loadModels(d.setup, d.index);
      levels.set(d.index, buildLevel(d.setup, d.index, d.task, new Rng(0), models)); // each plan has its own numbers
      continue;
    }
    const level = levels.get(d.index);
    if (level === undefined)
      throw new Error(`the recording holds a plan of level ${d.index} before its task: was its beginning cut off?`);
    let read = 0;
    const clock = { now: () => (read < d.clock.length ? d.clock[read++] : (read++, d.clock[d.clock.length - 1])) };
    const plan = await level.again(d, clock);
    const count = counts.get(d.plan.level) ?? { level: d.plan.level, plans: 0, different: 0 };
    counts.set(d.plan.level, count);
    const found =
      firstDifference(d.plan, plan) ??
      (read === d.clock.length ? undefined : { field: "clock readings", recorded: d.clock.length, replayed: read });
    if (found !== undefined) {
      onDifference({ level: d.plan.level, number: count.plans, stamp: d.plan.stamp, ...found });
      count.different++;
    }
    count.plans++;
  }
  return [...counts.values()];
}
