import type { BodyRegion } from "../../config/index.js";
import { bearable } from "./bearable.js";

/**
 * The greatest force of a hand that may close on a person, N: the least quasi-static force F_s of the body regions that
 * may be between its pads. A grip is a clamp: it lasts, so the doubled force of a transient contact is not allowed.
 * Infinity if there are none.
 *
 * @source ISO/TS 15066:2016, 5.5.5.2 and table A.2
 */
export const maxGripForce = (regions: Iterable<BodyRegion>): number =>
  Array.from(regions).reduce((least, region) => Math.min(least, bearable[region].force), Infinity);
