import { OWN } from "./drawViews.js";
import { nameOf } from "./policies.js";
import type { WorldModelReport } from "./runBench.js";

/**
 * The least results of a model in closed loop before it ships, by the name of the metric. The trainer has further gates
 * on recordings: training/telos_training/gates.py.
 */
const AT_LEAST: Readonly<Record<string, number>> = {
  "closed loop: pushes": 0.7,
  "closed loop: reaches": 0.9, // of twenty one more may fail by chance than 95 % leaves
  "planned actions: moved objects after 1 steps: persistence / error": 3,
  "planned actions: moved objects after 5 steps: persistence / error": 1.5,
};

/**
 * Metrics of one model's report: the ladder's rungs from the oracle down, reaches, and prediction of pushed objects
 * under the actions that its own planner chose.
 */
export function closedLoop({ cells, diagnoses }: WorldModelReport): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const { kind, policy, view, success } of cells)
    if (view === OWN && success.trials > 0)
      metrics[
        policy === nameOf("read-outs")
          ? `closed loop: ${kind === "push" ? "pushes" : "reaches"}`
          : `closed loop: ${kind}, ${policy}`
      ] = success.share;
  for (const { planned } of diagnoses)
    for (const { ahead, ratio } of planned)
      if (Number.isFinite(ratio))
        metrics[`planned actions: moved objects after ${ahead} steps: persistence / error`] = ratio;
  return metrics;
}

/** The failed gates, in words. A gate without a measurement fails. */
export function closedLoopGates(metrics: Readonly<Record<string, number>>): string[] {
  return Object.entries(AT_LEAST).flatMap(([name, least]) =>
    metrics[name] >= least
      ? []
      : [`${name} is ${metrics[name]?.toPrecision(3) ?? "not measured"}, want at least ${least}`],
  );
}
