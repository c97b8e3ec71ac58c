import { Rng } from "../core/math/Rng.js";
import type { Plan } from "../core/Plan.js";
import { monotonic } from "../core/time/SharedClock.js";
import type { Level } from "../planner/hierarchy/Level.js";
import { restingAt } from "./restingAt.js";

const ENOUGH = 30; // s

/**
 * The plan of a level from rest at a posture. The same posture and seed give the same plan, unless it takes 30 s.
 * @param q [nq] rad (m of a sliding joint)
 */
export const planFrom = (level: Level, q: ArrayLike<number>, seed = 1): Promise<Plan> =>
  level.plan(restingAt(q), undefined, {
    clock: { now: monotonic },
    deadline: monotonic() + ENOUGH,
    rng: new Rng(seed),
  });
