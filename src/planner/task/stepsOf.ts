import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { GoalSpec } from "../../cost/index.js";
import type { Grip } from "../../core/Step.js";
import type { Move } from "./Move.js";
import { holdingRule, raised, WIDER, type MoveFinder } from "./MoveFinder.js";
import type { Scenery } from "./Scenery.js";
import { avoidRules, supportRules } from "./stepRules.js";
import type { TaskContext } from "./TaskContext.js";
import type { PlannedOption, TaskStep } from "./TaskPlan.js";
import type { TaskWorld } from "./TaskWorld.js";

const EXACT = { tolerance: 0.003, angle_tolerance: 0.03 }, // m, rad: of grasps and places
  COARSE = { tolerance: 0.01, angle_tolerance: 0.06 };
const LINE = { kind: "tool_line", tolerance: 0.005, weight: 0.05 };
const TIGHTER = 0.012; // m, by which the hand is told to close further than the thing is wide
const GRAVITY = 9.81,
  SHAKEN = 8; // m/s², of the hand
const SAFE = 2; // times the force that friction needs

/** The options of a move and their steps; `first` is the index of the first of them in the plan. */
export function stepsOf(
  context: TaskContext,
  scenery: Scenery,
  finder: MoveFinder,
  move: Move,
  world: TaskWorld,
  first: number,
): { readonly options: readonly PlannedOption[]; readonly steps: readonly TaskStep[] } {
  const { id, grasp, to, held } = move,
    taken = grasp === undefined ? [] : graspSteps(context, scenery, finder, move, world);
  const put = to === undefined ? [] : placeSteps(context, scenery, finder, move, world);
  const before = placesIn(world);
  const options: PlannedOption[] = [];
  if (grasp !== undefined) options.push({ kind: "grasp", words: `grasp ${id}`, first, thing: id, held, before });
  if (to !== undefined) {
    const { [id]: _, ...rest } = before;
    options.push({
      kind: "place",
      words: `put ${id} ${to.on.length > 0 ? `to ${to.on.join(", ")}` : `at ${whereabouts(to.pose)}`}`,
      first: first + taken.length,
      thing: id,
      held,
      to: placeOf(to.pose),
      ...(to.beside !== undefined && { beside: to.beside }),
      before: rest,
    });
  }
  return { options, steps: [...taken, ...put] };
}

function graspSteps(
  context: TaskContext,
  scenery: Scenery,
  finder: MoveFinder,
  { id, grasp, held }: Move,
  world: TaskWorld,
): TaskStep[] {
  const { tool, approach, width } = grasp!,
    up = raised(tool, approach, finder.lift(id, world.poses.get(id)!)),
    option = `grasp ${id}`;
  const open = opening(context, width),
    force = forceFor(context, scenery, id);
  const resting = { on: [...world.poses.keys()].filter((other) => scenery.onTop(other, world).includes(id)) };
  return [
    {
      option,
      name: "approach",
      words: `move over ${id}, the hand open`,
      goal: [toolPose(up, COARSE)],
      guardrails: avoidRules(scenery, world, []),
      grip: open,
    },
    {
      option,
      name: "descend",
      words: `go down to ${id}`,
      goal: [toolPose(tool, EXACT)],
      costs: [line(tool, approach)],
      guardrails: [],
    },
    {
      option,
      name: "close",
      words: `close on ${id} with ${force.toFixed(0)} N`,
      goal: [],
      guardrails: [],
      grip: { aperture: Math.max(context.arm.gripper!.apertures[0], width - TIGHTER), force, holds: id },
    },
    {
      option,
      name: "lift",
      words: `lift ${id}`,
      goal: [toolPose(raised(tool, [0, 0, -1], finder.lift(id, world.poses.get(id)!)), COARSE)],
      costs: [line(tool, [0, 0, -1])],
      guardrails: [holdingRule(held), ...supportRules(context, scenery, id, resting, world)],
    },
  ];
}

function placeSteps(
  context: TaskContext,
  scenery: Scenery,
  finder: MoveFinder,
  { id, grasp, held, to }: Move,
  world: TaskWorld,
): TaskStep[] {
  const { tool, pose } = to!,
    option = `place ${id}`,
    up = raised(tool, [0, 0, -1], finder.lift(id, pose));
  const hold = holdingRule(held);
  const { low, high } = scenery.extent(id);
  const width = grasp?.width ?? Math.min(high[0] - low[0], high[1] - low[1]);
  return [
    {
      option,
      name: "carry",
      words: `carry ${id} over its place`,
      goal: [toolPose(up, COARSE)],
      guardrails: [hold, ...avoidRules(scenery, world, [id])],
    },
    {
      option,
      name: "lower",
      words: `set ${id} down`,
      goal: [toolPose(tool, EXACT)],
      costs: [line(tool, [0, 0, -1])],
      guardrails: [hold, ...supportRules(context, scenery, id, to!, world)],
    },
    {
      option,
      name: "open",
      words: `let go of ${id}`,
      goal: [],
      guardrails: [],
      grip: opening(context, width),
    },
    {
      option,
      name: "retreat",
      words: `draw back from ${id}`,
      goal: [toolPose(up, COARSE)],
      costs: [line(tool, [0, 0, -1])],
      guardrails: [],
    },
  ];
}

function opening({ arm }: TaskContext, width: number): Grip {
  const { apertures, force } = arm.gripper!;
  return { aperture: Math.min(apertures[apertures.length - 1], width + WIDER), force };
}

/** F = 2 · m (g + a)/(2 μ), at most what the hand has, N. */
function forceFor({ arm }: TaskContext, scenery: Scenery, id: string): number {
  const { mass, friction } = scenery.things.get(id)!,
    { force } = arm.gripper!;
  return Math.min(force, Math.max(force / 4, (SAFE * mass * (GRAVITY + SHAKEN)) / (2 * Math.max(friction, 0.05))));
}

/** The tool at a pose [12]. */
export function toolPose(t: Float64Array, tolerances: { tolerance: number; angle_tolerance: number }): GoalSpec {
  return { kind: "tool_pose", spec: { ...placeOf(t), ...tolerances } };
}

function line(tool: Float64Array, along: readonly number[]): GoalSpec & { readonly weight: number } {
  const { kind, tolerance, weight } = LINE;
  return { kind, weight, spec: { through: [tool[3], tool[7], tool[11]], along: [...along], tolerance } };
}

export function placeOf(t: Float64Array): NonNullable<PlannedOption["to"]> {
  const [x, y, z, w] = quatFromTransform(new Float64Array(4), 0, t, 0);
  return { position: [t[3], t[7], t[11]], orientation: [x, y, z, w] };
}

const placesIn = ({ poses }: TaskWorld): PlannedOption["before"] =>
  Object.fromEntries([...poses].map(([id, t]) => [id, placeOf(t)]));

const whereabouts = (t: Float64Array): string => `(${t[3].toFixed(2)}, ${t[7].toFixed(2)}) m`;
