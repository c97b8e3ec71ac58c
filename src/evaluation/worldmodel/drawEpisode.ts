import { Rng } from "../../core/math/Rng.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { ToolDisplacement } from "../../worldmodel/analytic/ToolDisplacement.js";
import type { Episode, Goal } from "./Episode.js";
import type { ToolScript } from "./ToolScript.js";
import { drawViews } from "./drawViews.js";
import type { World } from "./World.js";

export const PUSH = { low: 0.05, high: 0.15 } as const; // m by which the object of a push goal moves
export const REACH = 0.1; // m, the least distance by which the tool of a reach goal moves
const STILL = 0.005; // m: an object that moved no farther counts as not moved
const ARENA = { low: [0.32, -0.34, 0.03], high: [0.64, 0.34, 0.2] } as const; // m: tools and goals stay inside
const ABOVE = 0.12; // m: at this height the fingers pass over objects
const PUSHING = 0.03; // m: height of the tool while it pushes
const STANDOFF = 0.06; // m from an object's centre where a push begins
const ATTEMPTS = 200;

/**
 * Draws a task that is known to be possible. From the start drawn for the seed a script pushes one object, or moves the
 * tool without moving any object. The state that it reaches is the goal. The task is drawn again if the goal holds at
 * the start, if other objects move, or if something leaves the arena.
 *
 * @throws Error if no task is found
 */
export function drawEpisode(
  kind: Episode["kind"],
  seed: number,
  world: World,
  model: ToolDisplacement,
  script: ToolScript,
): Episode {
  const rng = new Rng(seed * 2 + (kind === "push" ? 1 : 0));
  const views = drawViews(world, rng.fork());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = drawStart(seed, rng, world, model);
    const before = world.objects();
    const object = kind === "push" ? Math.floor(rng.uniform() * (before.length / 3)) : -1;
    const begun = world.tool();
    const done =
      kind === "push"
        ? push(world, script, rng, [before[3 * object], before[3 * object + 1]])
        : reach(world, script, rng);
    if (!done) continue;
    const goal: Goal = {
      objects: world.objects(),
      tool: world.tool(),
      q: world.simulation.q.slice(),
      images: new Map([...views].map(([name, view]) => [name, world.shoot(view)])),
    };
    if (world.fault === undefined && qualifies(kind, object, before, begun, goal) && inside(goal))
      return { kind, seed, start, goal, object, views };
  }
  throw new Error(`seed ${seed}: no ${kind} goal found in ${ATTEMPTS} attempts`);
}

/**
 * Whether a goal is a proper task. A push must move its object by 5 to 15 cm and no other object. A reach must move the
 * tool by at least 10 cm and no object.
 */
export function qualifies(
  kind: Episode["kind"],
  object: number,
  before: Float64Array,
  tool: Vec3,
  goal: Pick<Goal, "objects" | "tool">,
): boolean {
  for (let o = 0; o < before.length / 3; o++) {
    const moved = Math.hypot(...[0, 1, 2].map((c) => goal.objects[3 * o + c] - before[3 * o + c]));
    if (o === object ? !(moved >= PUSH.low && moved <= PUSH.high) : !(moved <= STILL)) return false;
    if (!(Math.abs(goal.objects[3 * o + 2] - before[3 * o + 2]) <= STILL)) return false; // tipped, or fallen
  }
  return kind === "push" || Math.hypot(...goal.tool.map((x, c) => x - tool[c])) >= REACH;
}

function inside({ objects }: Goal): boolean {
  for (let i = 0; i < objects.length; i++)
    if (i % 3 < 2 && !(objects[i] >= ARENA.low[i % 3] && objects[i] <= ARENA.high[i % 3])) return false;
  return true;
}

/** Begins the scene with the tool somewhere in the arena, clear of the objects. @returns its joints */
function drawStart(seed: number, rng: Rng, world: World, model: ToolDisplacement): Float64Array {
  const q = new Float64Array(world.setup.arm.nq);
  for (;;) {
    const p = place(rng);
    if (model.posture(q, p) > 0.005) continue;
    world.begin(seed, q);
    const objects = world.objects();
    let clear = Infinity;
    for (let i = 0; i < objects.length; i += 3)
      clear = Math.min(clear, Math.hypot(objects[i] - p[0], objects[i + 1] - p[1]));
    if (p[2] > 0.08 || clear > 0.08) return q;
  }
}

function push(world: World, script: ToolScript, rng: Rng, [x, y]: readonly [number, number]): boolean {
  const angle = rng.range(-Math.PI, Math.PI),
    length = rng.range(PUSH.low, PUSH.high);
  const c = Math.cos(angle),
    s = Math.sin(angle);
  const along = (d: number, z: number): Vec3 => [x + d * c, y + d * s, z];
  const [ax, ay] = along(-STANDOFF, 0);
  if (!(ax >= 0.28 && Math.hypot(ax, ay) < 0.72)) return false;
  const now = world.tool();
  return (
    script.go(world, [now[0], now[1], ABOVE]) &&
    script.go(world, along(-STANDOFF - 0.01, ABOVE)) &&
    script.go(world, along(-STANDOFF - 0.01, PUSHING)) &&
    (script.go(world, along(length - 0.05, PUSHING), 12, 0.04), script.rest(world), true)
  );
}

function reach(world: World, script: ToolScript, rng: Rng): boolean {
  const [x, y, z] = place(rng),
    now = world.tool();
  const done =
    script.go(world, [now[0], now[1], ABOVE]) && script.go(world, [x, y, ABOVE]) && script.go(world, [x, y, z]);
  script.rest(world);
  return done;
}

const place = (rng: Rng): [number, number, number] =>
  [0, 1, 2].map((c) => rng.range(ARENA.low[c], ARENA.high[c])) as [number, number, number];
