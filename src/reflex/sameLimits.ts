import type { JointLimits } from "../core/JointLimits.js";

/** Whether two arms have the same limits. */
export const sameLimits = (a: JointLimits, b: JointLimits): boolean =>
  (["lo", "hi", "velocity", "acceleration", "jerk"] as const).every(
    (k) => a[k] === b[k] || (a[k]?.every((x, j) => x === b[k]?.[j]) ?? false),
  );
