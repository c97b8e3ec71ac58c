import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { GoalMonitor } from "../agent/task/GoalMonitor.js";
import { bindTask, createGoal, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";
import { quantile } from "./quantile.js";
import { SAMPLE, timeOptimal, type OptimalWay } from "./timeOptimal.js";
import type { Trial } from "./Trial.js";

/** Time to goal over the time-optimal one, of the goals reached. */
export interface Ratios {
  readonly median: number;
  readonly p90: number;
  readonly strictMedian: number; // against the time-optimal way's own entry into the goal's tolerance
  readonly strictP90: number;
}

/**
 * Compares with Ruckig's way from the same start to the very configuration in which the arm came to rest. We count a
 * goal as reached when the tool is within tolerance; so beside Ruckig's whole duration stands the time at which
 * Ruckig's way enters the tolerance too. Ruckig sees no obstacles.
 */
export async function ratios(
  trials: readonly Trial[],
  setup: AgentSetup,
  say: (text: string) => void,
): Promise<Ratios> {
  const reached = trials.filter((t) => t.success);
  const ways = await timeOptimal(reached, setup.arm.limits, say);
  const loose = reached.map((t, i) => t.time / ways[i].duration);
  const strict = reached.map((t, i) => t.time / entry(t, ways[i], setup));
  return {
    median: quantile(loose, 0.5),
    p90: quantile(loose, 0.9),
    strictMedian: quantile(strict, 0.5),
    strictP90: quantile(strict, 0.9),
  };
}

/** When a way enters the goal's tolerance for good, s. */
function entry({ task }: Trial, { samples, duration }: OptimalWay, { arm }: AgentSetup): number {
  const spec = bindTask(loadTask(task, guardrailSchemas), { jointNames: arm.jointNames, objects: [], predicted: [] });
  const monitor = new GoalMonitor(
    arm,
    spec.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })),
    0,
  );
  let since: number | undefined;
  samples.forEach((q, i) => {
    monitor.update({
      stamp: i * SAMPLE,
      q: Float64Array.from(q),
      v: new Float64Array(arm.nq),
      objects: new Map(),
      bodies: [],
    });
    if (!(monitor.error <= 1)) since = undefined;
    else since ??= i * SAMPLE;
  });
  return Math.max(SAMPLE, since ?? duration);
}
