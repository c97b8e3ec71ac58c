import type { Clock } from "../../core/time/Clock.js";
import type { Seconds } from "../../core/Seconds.js";
import type { GoalTest, TestedGoal } from "./GoalTest.js";
import type { Move } from "./Move.js";
import { raised, type MoveFinder } from "./MoveFinder.js";
import { placesOf, sparePlaces, type PlacePose } from "./placesOf.js";
import type { Scenery } from "./Scenery.js";
import type { Refusal } from "./TaskPlan.js";
import type { TaskWorld } from "./TaskWorld.js";

const LEAST: Seconds = 10; // of a move
const EAGER = 3; // weight of what is left: the first plan comes soon
const DEEP = 3; // things in the way of things in the way

/** Moves that lead to where all goals about things hold. */
export interface Moves {
  readonly moves: readonly Move[];
  readonly worlds: readonly TaskWorld[]; // before each move, and after the last
  readonly cost: Seconds;
  readonly bound: Seconds; // no sequence of such moves takes less
  readonly expanded: number;
}

interface Node {
  readonly moves: readonly Move[];
  readonly worlds: readonly TaskWorld[];
  readonly g: Seconds;
  readonly h: Seconds; // at least what is left
}

/** What a search is made from. */
export interface MoveProblem {
  readonly scenery: Scenery;
  readonly goals: GoalTest;
  readonly finder: MoveFinder;
  readonly more: number; // worlds looked at after the first plan
  readonly clock: Clock;
  readonly deadline: Seconds;
}

/**
 * Best-first search over moves, anytime: weighted A* with f = g + 3 h, h = the number of things that are not where
 * they shall be times the least time of a move, until a plan is found; then further for a shorter one while time and
 * `more` last. What is in the way of a move is moved first.
 */
export function searchMoves(problem: MoveProblem): Moves | Refusal {
  const { goals, scenery, clock, deadline, more } = problem;
  const left = (world: TaskWorld): Seconds => LEAST * new Set(goals.unmet(world).map(({ id }) => id)).size;
  let best: Node | undefined,
    refusal: Refusal | undefined,
    expanded = 0,
    after = 0;
  const open: Node[] = [{ moves: [], worlds: [scenery.start], g: 0, h: left(scenery.start) }];
  while (open.length > 0 && (best === undefined || after < more)) {
    open.sort((a, b) => b.g + EAGER * b.h - a.g - EAGER * a.h);
    const node = open.pop()!;
    if (best !== undefined && node.g + node.h >= best.g) continue;
    if (node.h === 0) {
      best = node;
      continue;
    }
    if (clock.now() > deadline) {
      open.push(node);
      break;
    }
    expanded++;
    if (best !== undefined) after++;
    for (const found of options(problem, node.worlds[node.worlds.length - 1])) {
      if ("why" in found) {
        refusal ??= found;
        continue;
      }
      const world = moved(node.worlds[node.worlds.length - 1], found);
      const g = node.g + found.cost;
      open.push({ moves: [...node.moves, found], worlds: [...node.worlds, world], g, h: left(world) });
    }
  }
  if (best === undefined)
    return open.length > 0
      ? {
          code: "NO_TIME",
          why: `no plan within the deadline, after ${expanded} worlds${refusal ? `; ${refusal.why}` : ""}`,
        }
      : (refusal ?? { code: "NO_PLAN", why: "no sequence of grasps and places leads there" });
  const bound = Math.min(best.g, ...open.map(({ g, h }) => g + h));
  return { moves: best.moves, worlds: best.worlds, cost: best.g, bound, expanded };
}

/** The moves that bring a world nearer to its goals, and why others cannot be made. */
function options(problem: MoveProblem, world: TaskWorld): (Move | Refusal)[] {
  const { goals } = problem,
    unmet = goals.unmet(world);
  if (world.held !== undefined) return carried(problem, world, unmet);
  const ids = [...new Set(unmet.map(({ id }) => id!))];
  const ready = ids.filter((id) => !unmet.some((goal) => goal.id === id && ids.includes(goal.other ?? "")));
  const last = ids.filter((id) => goals.goals.some(({ goal, id: of }) => of === id && goal.kind === "held"));
  const now = (ready.length > 0 ? ready : ids).filter((id) => !last.includes(id) || ids.length === last.length);
  return now.flatMap((id) =>
    last.includes(id)
      ? take(problem, id, undefined, world, 0)
      : take(problem, id, wanted(problem, id, world), world, 0),
  );
}

/** A thing is in the hand: it is put where it shall be, or where there is room. */
function carried(problem: MoveProblem, world: TaskWorld, unmet: readonly TestedGoal[]): (Move | Refusal)[] {
  const { id } = world.held!,
    wants = problem.goals.goals.some((goal) => goal.id === id && goal.goal.kind !== "held");
  const found = wants ? take(problem, id, wanted(problem, id, world), world, DEEP) : [];
  return found.some((f) => !("why" in f)) || unmet.length === 0
    ? found
    : [...found, ...take(problem, id, spare(problem, id, world), world, DEEP)];
}

/** A move of one thing, or of what is in its way. */
function take(
  problem: MoveProblem,
  id: string,
  places: readonly PlacePose[] | undefined,
  world: TaskWorld,
  depth: number,
): (Move | Refusal)[] {
  const { finder, scenery } = problem;
  if (!scenery.things.has(id))
    return [{ code: "UNKNOWN_THING", why: `where ${id || "it"} is, or its shape, is not known` }];
  const found = finder.find(id, places, world);
  if ("move" in found) return [found.move];
  if ("why" in found) return [found];
  const way = `${found.blockers.join(", ")} ${found.blockers.length === 1 ? "is" : "are"} in the way of ${id}`;
  if (depth >= DEEP) return [{ code: "BLOCKED", why: way }];
  const freed = found.blockers.flatMap((other) =>
    take(problem, other, better(problem, other, world), world, depth + 1),
  );
  return freed.some((f) => !("why" in f)) ? freed : [{ code: "BLOCKED", why: way }, ...freed];
}

/** Where a thing that is in the way may go: where it shall be, if it is not there, else anywhere free. */
function better(problem: MoveProblem, id: string, world: TaskWorld): PlacePose[] {
  const goals = problem.goals.unmet(world).some((goal) => goal.id === id && goal.goal.kind !== "held");
  return [...(goals ? wanted(problem, id, world) : []), ...spare(problem, id, world)];
}

/** Places at which all goals about a thing hold. */
function wanted({ goals, scenery }: MoveProblem, id: string, world: TaskWorld): PlacePose[] {
  const about = goals.goals.filter((goal) => goal.id === id && goal.goal.kind !== "held");
  return about
    .flatMap(({ goal }) => placesOf(scenery, goal, id, world))
    .filter(({ pose }) => Number.isFinite(pose[11]) && goals.unmet(placed(world, id, pose), about).length === 0);
}

/** Free places where a thing is in the way of no goal that holds. */
function spare({ goals, scenery }: MoveProblem, id: string, world: TaskWorld): PlacePose[] {
  const before = goals.unmet(world).filter((goal) => goal.id !== id).length;
  return sparePlaces(scenery, id, world).filter(
    ({ pose }) =>
      Number.isFinite(pose[11]) &&
      goals.unmet(placed(world, id, pose)).filter((goal) => goal.id !== id).length <= before,
  );
}

function placed(world: TaskWorld, id: string, pose: Float64Array): TaskWorld {
  return { poses: new Map(world.poses).set(id, pose), tool: world.tool };
}

/** The world after a move. */
export function moved(world: TaskWorld, { id, grasp, held, to }: Move): TaskWorld {
  const poses = new Map(world.poses);
  if (to !== undefined) return { poses: poses.set(id, to.pose), tool: raised(to.tool, [0, 0, -1], 0.1) };
  poses.delete(id);
  const tool = grasp === undefined ? world.tool : raised(grasp.tool, grasp.approach, 0.1);
  return { poses, tool, held: { id, pose: held.pose } };
}
