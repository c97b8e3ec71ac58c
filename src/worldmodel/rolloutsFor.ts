import { Rollouts, type RolloutSizes } from "../core/Rollouts.js";
import type { Predictor } from "./Predictor.js";

/** Properties of rollouts that the model gives. */
type OfModel = "nu" | "dt" | "substeps" | "quasistatic";

/** Rollouts for a model: with its actions, its times, and the meaning of its velocities. */
export const rolloutsFor = (
  { nu, dt, substeps, quasistatic }: Predictor,
  sizes: Omit<RolloutSizes, OfModel>,
): Rollouts => new Rollouts({ ...sizes, nu, dt, substeps, quasistatic });
