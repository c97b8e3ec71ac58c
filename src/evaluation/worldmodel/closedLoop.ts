import { OWN } from "./drawViews.js";
import { nameOf } from "./policies.js";
import type { WorldModelReport } from "./runBench.js";

/**
 * Closed-loop gates: the least value of each metric for a model to be exported, by the metric's name. The trainer has
 * further gates on recordings: training/telos_training/gates.py.
 */
const AT_LEAST: Readonly<Record<string, number>> = {
  "closed loop: pushes": 0.7,
  "closed loop: reaches": 0.9, // of 20, so that two may fail by chance
  "planned actions: moved objects after 1 steps: persistence / error": 3,
  "planned actions: moved objects after 5 steps: persistence / error": 1.5,
};

/**
 * Metrics from the report on one model: success of the policies from the oracle down, success of reaches, and the
 * prediction of pushed objects under the actions that the model's own planner chose.
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

/** The failed gates as text. A gate without a measurement fails. */
export function closedLoopGates(metrics: Readonly<Record<string, number>>): string[] {
  return Object.entries(AT_LEAST).flatMap(([name, least]) =>
    metrics[name] >= least
      ? []
      : [`${name} is ${metrics[name]?.toPrecision(3) ?? "not measured"}, want at least ${least}`],
  );
}
