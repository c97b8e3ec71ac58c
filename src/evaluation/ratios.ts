import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { GoalMonitor } from "../agent/task/GoalMonitor.js";
import { bindTask, createGoal, loadTask } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";
import { quantile } from "./quantile.js";
import { SAMPLE, timeOptimal, type OptimalWay } from "./timeOptimal.js";
import type { Trial } from "./Trial.js";
import { restingState } from "../core/restingState.js";

/** Time to goal divided by the time-optimal time, over the goals that were reached. */
export interface Ratios {
  readonly median: number;
  readonly p90: number;
  readonly strictMedian: number; // compared with the time at which the time-optimal trajectory enters the tolerance
  readonly strictP90: number;
}

/**
 * Compares with Ruckig's trajectory from the same start to the configuration in which the arm came to rest. We count a
 * goal as reached when the tool is within tolerance. Therefore the time at which Ruckig's trajectory enters the
 * tolerance is given too, beside its whole duration. Ruckig knows no obstacles.
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

/** When a trajectory enters the goal's tolerance and stays there, s. */
function entry({ task }: Trial, { samples, duration }: OptimalWay, { arm }: AgentSetup): number {
  const spec = bindTask(loadTask(task, guardrailSchemas), { jointNames: arm.jointNames, objects: [], predicted: [] });
  const monitor = new GoalMonitor(
    arm,
    spec.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })),
    0,
  );
  let since: number | undefined;
  samples.forEach((q, i) => {
    monitor.update(restingState(Float64Array.from(q), i * SAMPLE));
    if (!(monitor.error <= 1)) since = undefined;
    else since ??= i * SAMPLE;
  });
  return Math.max(SAMPLE, since ?? duration);
}
