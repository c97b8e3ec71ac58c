import { Rollouts, type RolloutSizes } from "../core/Rollouts.js";
import type { Predictor } from "./Predictor.js";

/** What a model says of its rollouts itself. */
type OfModel = "nu" | "dt" | "substeps" | "quasistatic";

/** Rollouts for a model to predict: its actions, its times, and what its velocities mean. */
export const rolloutsFor = (
  { nu, dt, substeps, quasistatic }: Predictor,
  sizes: Omit<RolloutSizes, OfModel>,
): Rollouts => new Rollouts({ ...sizes, nu, dt, substeps, quasistatic });
