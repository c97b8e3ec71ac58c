import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Episode } from "./Episode.js";
import type { Policy } from "./Policy.js";
import type { World } from "./World.js";

export const TOLERANCE = 0.03; // m, of the pushed object and of the tool of a reach

/** How an episode ended. */
export interface Outcome {
  readonly success: boolean;
  readonly distance: number; // m from the goal, of the pushed object or the tool, at the end of the budget
  readonly before: number; // m, the same at the start
  readonly others: number; // m, the largest distance of another object from its place in the goal
  readonly stops: number; // ticks at which the safety filter used the fail-safe trajectory
  readonly fault: string; // the fault that ended the arm's motion, or ""
  readonly planTimes: readonly number[]; // s
  readonly rollouts: number;
}

/**
 * Runs one episode in closed loop: for `steps` model steps of dt it plans, follows the first step of the plan, and
 * observes the world again through the named view.
 */
export async function runEpisode(
  world: World,
  episode: Episode,
  view: string,
  policy: Policy,
  steps: number,
  dt: Seconds,
): Promise<Outcome> {
  world.begin(episode.seed, episode.start);
  const before = distance(world, episode);
  await policy.begin(episode, view, world, new Rng(episode.seed + 7));
  const planTimes: number[] = [];
  let rollouts = 0;
  for (let i = 0; i < steps; i++) {
    const plan = await policy.act(world);
    if (plan !== undefined && plan.rollouts > 1) planTimes.push(plan.time);
    rollouts += plan?.rollouts ?? 0;
    world.execute(plan, dt);
  }
  const end = distance(world, episode);
  return {
    success: end <= TOLERANCE,
    distance: end,
    before,
    others: disorder(world, episode),
    stops: world.stops,
    fault: world.fault ?? "",
    planTimes,
    rollouts,
  };
}

/** Distance of the pushed object, or of the tool, from the goal, m. */
export function distance(world: World, { kind, object, goal }: Episode): number {
  if (kind === "reach") return Math.hypot(...world.tool().map((x, c) => x - goal.tool[c]));
  const p = world.objects();
  return Math.hypot(p[3 * object] - goal.objects[3 * object], p[3 * object + 1] - goal.objects[3 * object + 1]);
}

function disorder(world: World, { object, goal }: Episode): number {
  const p = world.objects();
  let most = 0;
  for (let o = 0; o < p.length / 3; o++)
    if (o !== object)
      most = Math.max(most, Math.hypot(p[3 * o] - goal.objects[3 * o], p[3 * o + 1] - goal.objects[3 * o + 1]));
  return most;
}
