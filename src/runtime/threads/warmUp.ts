import type { Plan } from "../../core/Plan.js";
import { Rng } from "../../core/math/Rng.js";
import { monotonic } from "../../core/time/SharedClock.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Shape } from "../../core/geometry/Shape.js";
import type { State } from "../../core/State.js";
import type { TaskSpec } from "../../cost/index.js";
import { Kinematics } from "../../kinematics/index.js";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { buildLevel } from "../../agent/setup/buildLevel.js";
import type { LevelModels } from "../../agent/setup/loadModels.js";

const PLANS = [2, 16]; // of the top level and of any below: about half a second each
const HASTY = 12; // as for the first plan of a task: milliseconds each once the code is compiled
const LIMIT: Seconds = 2; // for all of them, on a machine that is short of time
// the arm's home may leave no room for the scene's own things
const FAR: Shape = { kind: "box", center: [0, 0, -2], size: [1, 1, 0.1], orientation: [0, 0, 0, 1] };

/**
 * Makes plans that are not used, so that the search is compiled before the first task: a cold first plan takes ten
 * times as long as the next ones, just when a user waits for the arm to move.
 * @param models of the level itself; those below the top are warmed up under a top level without any
 */
export async function warmUp(full: AgentSetup, index: number, models: LevelModels): Promise<void> {
  const levels = full.agent.levels.map((level, i) =>
    i === index ? { ...level, subgoal: "path" } : { ...level, learned: undefined },
  );
  const setup: AgentSetup = { ...full, agent: { ...full.agent, levels }, fixed: full.fixed.map(() => FAR) };
  const { arm } = setup;
  const kinematics = new Kinematics(arm);
  const [x, y, z] = [kinematics.tool[3], kinematics.tool[7], kinematics.tool[11]];
  const spec = { position: [0.8 * x, y + 0.1, z], tolerance: 0.02, angle_tolerance: 0.1 };
  const task: TaskSpec = {
    name: "warm_up",
    hold: 0,
    timeout: 0,
    goal: [{ kind: "tool_pose", spec }],
    costs: [],
    guardrails: [],
  };
  const from: State = {
    stamp: 0,
    q: arm.home,
    v: new Float64Array(arm.nq),
    percept: models.world && { z: new Float32Array(models.world.manifest.latent.dim), q: arm.home },
    objects: new Map(),
    bodies: [],
  };
  const clock = { now: monotonic };
  const begun = monotonic();
  const hasty = { clock, deadline: begun + LIMIT, haste: true };
  const level = buildLevel(setup, index, task, new Rng(0), models);
  const above = index === 0 ? undefined : (await buildLevel(setup, 0, task, new Rng(0)).replan(from, hasty)).plan;
  // each from nothing: what begins with a good plan ends its search early, and the compiler sees little of it
  const search = (seed: number, haste: boolean): Promise<Plan> =>
    level.again({ from, above, warm: undefined, rng: new Rng(seed).save(), deadline: begun + LIMIT, haste }, clock);
  for (let seed = 1; seed <= HASTY && monotonic() < begun + LIMIT; seed++) await search(seed, true);
  for (let seed = 1; seed <= PLANS[Math.min(index, 1)] && monotonic() < begun + LIMIT; seed++)
    await search(seed, false);
}
