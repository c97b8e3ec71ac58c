import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { Shape } from "../../core/geometry/Shape.js";
import type { GoalSpec } from "../../cost/index.js";
import type { ObjectAtSpec } from "../../cost/goals/ObjectAt.js";
import type { RelationSpec } from "../../cost/goals/RelationSpec.js";
import { SIDES } from "../../cost/goals/sides.js";
import type { Scenery } from "./Scenery.js";
import type { TaskWorld } from "./TaskWorld.js";

const INSIDE = 0.006; // m, between a thing and the walls about it
const GRID = 0.04; // m, between places that are tried
const RINGS = 7; // of places about one
const ROUND = 12; // places of a ring
const TURNS = [0, Math.PI / 2, Math.PI / 4, -Math.PI / 4];

/** A pose for a thing, and what it is on, in or beside. */
export interface PlacePose {
  readonly pose: Float64Array; // [12]
  readonly on: readonly string[]; // ids of what it may touch there, besides what lies under it
  readonly beside?: string; // id of a movable thing that the place moves with
}

/** Proposals of places at which a goal about a thing may hold, the best first. They need not be free, or in reach. */
export function placesOf(scenery: Scenery, { kind, spec }: GoalSpec, id: string, world: TaskWorld): PlacePose[] {
  if (kind === "object_at") return atPlaces(scenery, spec as ObjectAtSpec, id, world);
  if (kind === "relation") return relatedPlaces(scenery, spec as RelationSpec, id, world);
  return [];
}

/** Free places about one, on what the thing stands on: for things that are in the way. */
export function sparePlaces(scenery: Scenery, id: string, world: TaskWorld): PlacePose[] {
  const now = world.poses.get(id) ?? mulTransform(new Float64Array(12), 0, world.tool, 0, world.held!.pose, 0);
  return rings(now).map(([x, y]) => ({ pose: standing(scenery, id, upright(now), x, y), on: [] }));
}

function atPlaces(scenery: Scenery, spec: ObjectAtSpec, id: string, world: TaskWorld): PlacePose[] {
  const { position, orientation } = spec,
    now = poseNow(id, world);
  const turns =
    orientation === undefined
      ? TURNS.map((yaw) => turned(upright(now), yaw))
      : [transformFromQuat(new Float64Array(12), 0, orientation, [0, 0, 0])];
  return turns.map((turn) => {
    const pose = standing(scenery, id, turn, position[0], position[1]);
    if (position.length === 3) pose[11] = Math.abs(pose[11] - position[2]) < spec.tolerance ? pose[11] : position[2];
    return { pose, on: [] };
  });
}

function relatedPlaces(scenery: Scenery, spec: RelationSpec, id: string, world: TaskWorld): PlacePose[] {
  const { kind, other, shapes } = spec;
  if (shapes === undefined) return [];
  const at = shapes.fixed
    ? transformFromQuat(new Float64Array(12), 0, [0, 0, 0, 1], [0, 0, 0])
    : world.poses.get(other);
  if (at === undefined) return [];
  const beside = shapes.fixed ? undefined : other,
    now = upright(poseNow(id, world));
  const place = (x: number, y: number, turn = now, on?: TaskWorld): PlacePose => ({
    pose: standing(scenery, id, turn, x, y, on),
    on: on === undefined ? [] : [other],
    beside,
  });
  switch (kind) {
    case "on":
      return topsOf(shapes.other.parts, at).flatMap(([x, y]) =>
        TURNS.slice(0, 2).map((yaw) => place(x, y, turned(beside === undefined ? now : upright(at), yaw), world)),
      );
    case "in":
      return shapes.other.inside === undefined
        ? []
        : insidePlaces(scenery, shapes.other.inside, at, id, now, { other, beside, tool: world.tool });
    case "beside":
      return rings(at)
        .slice(0, 3 * ROUND)
        .map(([x, y]) => place(x, y));
    default: {
      const [axis, sign] = SIDES[kind];
      return rings(at)
        .filter(([x, y]) => sign * ((axis === 0 ? x : y) - at[axis === 0 ? 3 : 7]) > spec.tolerance)
        .map(([x, y]) => place(x, y));
    }
  }
}

/**
 * A grid of places on the floor of a container: corners and walls first, which leaves room for others, the near ones
 * before the far ones.
 */
function insidePlaces(
  scenery: Scenery,
  inside: Extract<Shape, { kind: "box" }>,
  at: Float64Array,
  id: string,
  turn: Float64Array,
  on: { readonly other: string; readonly beside: string | undefined; readonly tool: Float64Array },
): PlacePose[] {
  const room = mulTransform(
    new Float64Array(12),
    0,
    at,
    0,
    transformFromQuat(new Float64Array(12), 0, inside.orientation, inside.center),
    0,
  );
  const own = turn.slice();
  own[3] = own[7] = own[11] = 0;
  const { low } = scenery.placed(id, own),
    [halfX, halfY] = [0, 1].map((i) => inside.size[i] / 2 - scenery.radius.get(id)! - INSIDE),
    floor = room[11] - inside.size[2] / 2;
  if (!(halfX >= 0 && halfY >= 0)) return [];
  const along = (half: number): number[] => {
    const n = Math.ceil(half / GRID);
    return n === 0 ? [0] : Array.from({ length: 2 * n + 1 }, (_, i) => (i / n - 1) * half);
  };
  const spots = along(halfX).flatMap((x) => along(halfY).map((y) => [x, y] as const)),
    inward = ([x, y]: readonly [number, number]): number =>
      Math.round((halfX - Math.abs(x)) / GRID) + Math.round((halfY - Math.abs(y)) / GRID);
  return spots
    .map(([x, y]) => {
      const pose = own.slice();
      pose[3] = room[0] * x + room[1] * y + room[3];
      pose[7] = room[4] * x + room[5] * y + room[7];
      pose[11] = floor - low[2];
      return { place: { pose, on: [on.other], beside: on.beside }, order: inward([x, y]) };
    })
    .sort((a, b) => a.order - b.order || away(a.place.pose, on.tool) - away(b.place.pose, on.tool))
    .map(({ place }) => place);
}

const away = (a: Float64Array, b: Float64Array): number => Math.hypot(a[3] - b[3], a[7] - b[7]);

/** Centres of the upper faces of parts, the highest first. */
function topsOf(parts: readonly Shape[], at: Float64Array): [number, number][] {
  return parts
    .flatMap((part) => {
      if (part.kind === "halfSpace") return [];
      const c = part.kind === "box" ? part.center : part.p0.map((x, i) => (x + part.p1[i]) / 2);
      const [x, y, z] = [0, 1, 2].map(
        (i) => at[4 * i] * c[0] + at[4 * i + 1] * c[1] + at[4 * i + 2] * c[2] + at[4 * i + 3],
      );
      return [{ x, y, z }];
    })
    .sort((a, b) => b.z - a.z)
    .slice(0, 3)
    .map(({ x, y }) => [x, y]);
}

/** Places in rings about a pose, the nearest first. */
function rings(about: Float64Array): [number, number][] {
  return Array.from({ length: RINGS }, (_, ring) =>
    Array.from({ length: ROUND }, (_, n): [number, number] => {
      const [r, angle] = [0.1 + 0.06 * ring, (2 * Math.PI * n) / ROUND];
      return [about[3] + r * Math.cos(angle), about[7] + r * Math.sin(angle)];
    }),
  ).flat();
}

/** The pose of a thing that stands at x, y on the highest fixed face there, with a world on its things too. */
function standing(
  scenery: Scenery,
  id: string,
  turn: Float64Array,
  x: number,
  y: number,
  world?: TaskWorld,
): Float64Array {
  const own = turn.slice(),
    pose = turn.slice();
  own[3] = own[7] = own[11] = 0;
  const { low } = scenery.placed(id, own);
  [pose[3], pose[7], pose[11]] = [x, y, scenery.floorAt(x, y, Infinity, world, [id]) - low[2]];
  return pose;
}

const poseNow = (id: string, world: TaskWorld): Float64Array =>
  world.poses.get(id) ?? mulTransform(new Float64Array(12), 0, world.tool, 0, world.held!.pose, 0);

/** The orientation of a pose with that of its axes upright which is nearly so; the position is that of the pose. */
function upright(t: Float64Array): Float64Array {
  const up = [0, 1, 2].reduce((best, i) => (Math.abs(t[8 + i]) > Math.abs(t[8 + best]) ? i : best)),
    sign = Math.sign(t[8 + up]),
    across = (up + 1) % 3;
  const yaw = Math.atan2(t[4 + across], t[across]);
  const out = new Float64Array(12);
  const set = (column: number, v: readonly [number, number, number]): void =>
    v.forEach((x, i) => (out[4 * i + column] = x));
  const y: [number, number, number] = [Math.cos(yaw), Math.sin(yaw), 0];
  set(across, y);
  set(up, [0, 0, sign]);
  set((up + 2) % 3, [-sign * y[1], sign * y[0], 0]); // up × across
  [out[3], out[7], out[11]] = [t[3], t[7], t[11]];
  return out;
}

/** A pose turned about the vertical through its origin. */
function turned(t: Float64Array, yaw: number): Float64Array {
  const turn = transformFromQuat(new Float64Array(12), 0, [0, 0, Math.sin(yaw / 2), Math.cos(yaw / 2)], [0, 0, 0]);
  const out = mulTransform(new Float64Array(12), 0, turn, 0, t, 0);
  [out[3], out[7], out[11]] = [t[3], t[7], t[11]];
  return out;
}
