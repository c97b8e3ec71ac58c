import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import type { Held } from "../../core/Held.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Thing } from "../../core/Thing.js";
import type { Grasp } from "./Grasp.js";
import { graspsOf } from "./graspsOf.js";
import { HandRoom } from "./HandRoom.js";
import type { Move } from "./Move.js";
import type { PlacePose } from "./placesOf.js";
import type { Scenery } from "./Scenery.js";
import { supportRules } from "./stepRules.js";
import type { TaskContext } from "./TaskContext.js";
import type { Failure } from "./TaskInputs.js";
import type { Refusal } from "./TaskPlan.js";
import type { TaskWorld } from "./TaskWorld.js";
import type { Reached, ToolReach } from "./ToolReach.js";

export const WIDER = 0.024; // m, by which the hand opens wider than what it takes
const LIFT = 0.08; // m, of the tool above a grasp or a place, at least
const HIGHEST = 0.18; // m, at most
const OVER = 0.03; // m, between what is carried and what it passes over
const DOWN = [0, 0, -1] as const;
const BASE = 5; // s, of a grasp and of a place each
const SPEED = 0.25; // m/s, of the tool between them
const GAP = 0.01; // m, between a thing that is put and others
const HARD = 3; // moves in the way of one another

/** A move that can be made, or the things in its way, or why it cannot be made at all. */
export type Found = { readonly move: Move } | { readonly blockers: readonly string[] } | Refusal;

/** A posture above a grasp or a place, and how high. */
type Raised = Reached & { readonly lift: number };

/** Finds how one thing can be taken and put, in one world: by its grasps, the places asked for, reach and room. */
export class MoveFinder {
  private readonly room: HandRoom;

  constructor(
    private readonly context: TaskContext,
    private readonly scenery: Scenery,
    private readonly reach: ToolReach,
    private readonly failures: readonly Failure[],
    private readonly doubt: number, // m, of a thing's place in the hand
  ) {
    this.room = new HandRoom(context.arm.gripper!);
  }

  /** @param places where it may be put, the best first; undefined: it is to stay in the hand */
  find(id: string, places: readonly PlacePose[] | undefined, world: TaskWorld): Found {
    if (world.held !== undefined) return this.put(id, this.inHand(id, world.held.pose), undefined, places ?? [], world);
    const thing = this.scenery.things.get(id)!,
      weight = this.tooHeavy(thing);
    if (weight !== undefined) return weight;
    const above = this.scenery.onTop(id, world);
    if (above.length > 0) return { blockers: above };
    const grasps = graspsOf(thing, world.poses.get(id)!, this.context.arm.gripper!, this.context.level);
    if ("narrowest" in grasps) return this.tooWide(id, grasps.narrowest);
    return this.byGrasps(id, grasps.ways, places, world);
  }

  private byGrasps(
    id: string,
    ways: readonly Grasp[],
    places: readonly PlacePose[] | undefined,
    world: TaskWorld,
  ): Found {
    const { scenery, room, failures } = this;
    const tried = failures.filter(({ option }) => option === `grasp ${id}`),
      obstacles = scenery.obstacles(world, [id]);
    let worst: Found | undefined,
      skip = tried.length,
      nearest: Reached | undefined;
    for (const grasp of ways) {
      const reached = this.reachable(grasp, id, world);
      if (reached.q === undefined) {
        if (nearest === undefined || reached.off < nearest.off) nearest = reached;
        continue;
      }
      const met = room.meets(grasp.tool, grasp.width + WIDER, obstacles);
      if (met.length > 0) {
        worst ??= { blockers: met };
        continue;
      }
      if (skip-- > 0) continue;
      const found = this.put(
        id,
        this.heldBy(id, grasp, world),
        { ...grasp, above: reached.q, lift: reached.lift },
        places,
        world,
      );
      if ("move" in found) return found;
      if (worst === undefined || !("blockers" in worst)) worst = found;
    }
    if (worst !== undefined) return worst;
    if (tried.length > 0) return { code: "NO_PLAN", why: `${id} could not be grasped: ${tried.at(-1)!.words}` };
    return this.outOfReach(`grasp ${id}`, nearest);
  }

  /** A place for what is then in the hand. */
  private put(
    id: string,
    held: Held,
    grasp: Grasp | undefined,
    places: readonly PlacePose[] | undefined,
    world: TaskWorld,
  ): Found {
    const { scenery, room, context } = this,
      from = grasp?.tool ?? world.tool;
    if (places === undefined) return { move: { id, grasp, held, cost: BASE + this.way(world.tool, from) } };
    const back = invertTransform(new Float64Array(12), 0, held.pose, 0);
    let blockers: readonly string[] | undefined, nearest: Reached | undefined;
    for (const place of places.slice(0, context.level.places)) {
      if (!Number.isFinite(place.pose[11])) continue; // nothing to stand on
      const met = scenery.meets(id, place.pose, world, GAP, place.on),
        tool = mulTransform(new Float64Array(12), 0, place.pose, 0, back, 0);
      if (met.includes("fixed")) continue;
      if (met.length > 0) {
        blockers ??= met;
        continue;
      }
      const hand = room.meets(tool, this.width(held, grasp) + WIDER, scenery.obstacles(world, [id]));
      if (hand.length > 0) {
        blockers ??= hand;
        continue;
      }
      const reached = this.placeable(tool, held, place, id, world);
      if (reached.q !== undefined)
        return {
          move: {
            id,
            grasp,
            held,
            to: { ...place, tool, above: reached.q, lift: reached.lift },
            cost: 2 * BASE + (grasp?.cost ?? 0) + this.way(world.tool, from) + this.way(from, tool),
          },
        };
      if (nearest === undefined || reached.off < nearest.off) nearest = reached;
    }
    if (blockers !== undefined) return { blockers: blockers.slice(0, HARD) };
    if (nearest !== undefined) return this.outOfReach(`put ${id} there`, nearest);
    return { code: "NO_ROOM", why: `there is no room for ${id} where it shall be` };
  }

  private reachable({ tool, approach }: Grasp, id: string, world: TaskWorld): Raised {
    const at = this.reach.of(tool);
    if (at.q === undefined) return { ...at, lift: 0 };
    return this.highest(this.lifts(id, world.poses.get(id)!, world), (lift) =>
      this.reach.straight(at.q!, tool, raised(tool, approach, lift), [], ""),
    );
  }

  /** The highest lift that can be reached. */
  private highest(lifts: readonly number[], reach: (lift: number) => Reached): Raised {
    let last: Raised | undefined;
    for (const lift of lifts) {
      last = { ...reach(lift), lift };
      if (last.q !== undefined) break;
    }
    return last!;
  }

  private placeable(tool: Float64Array, held: Held, place: PlacePose, id: string, world: TaskWorld): Raised {
    const rules: GuardrailSpec[] = [holdingRule(held), ...supportRules(this.context, this.scenery, id, place)],
      name = `${id} ${Array.from(held.pose, (x) => x.toFixed(3)).join(" ")}`;
    const at = this.reach.of(tool, rules, `${name} on ${place.on.join(" ")}`);
    if (at.q === undefined) return { ...at, lift: 0 };
    return this.highest(this.lifts(id, place.pose, world), (lift) =>
      this.reach.straight(at.q!, tool, raised(tool, DOWN, lift), rules, `${name} on ${place.on.join(" ")}`),
    );
  }

  /**
   * How far the tool is raised above a thing, m, the best first: so far that the thing passes over all others, and so
   * far that the fingers are clear of its top.
   */
  private lifts(id: string, pose: Float64Array, world: TaskWorld): number[] {
    const { scenery } = this,
      { low, high } = scenery.placed(id, pose),
      tops = [...world.poses].flatMap(([other, at]) => (other === id ? [] : [scenery.placed(other, at).high[2]]));
    const least = Math.max(LIFT, (high[2] - low[2]) / 2 + LIFT / 2),
      over = Math.min(HIGHEST, Math.max(...tops, -Infinity) - low[2] + OVER);
    return over > least + OVER ? [over, least] : [least];
  }

  private inHand(id: string, pose: Float64Array): Held {
    const { parts, mass } = this.scenery.things.get(id)!;
    return { id, pose, parts, mass, positionStd: this.doubt };
  }

  private heldBy(id: string, { tool }: Grasp, world: TaskWorld): Held {
    const pose = invertTransform(new Float64Array(12), 0, tool, 0);
    return this.inHand(id, mulTransform(pose, 0, pose, 0, world.poses.get(id)!, 0));
  }

  private width({ id }: Held, grasp: Grasp | undefined): number {
    if (grasp !== undefined) return grasp.width;
    const { low, high } = this.scenery.extent(id);
    return Math.min(high[0] - low[0], high[1] - low[1]);
  }

  private way(a: Float64Array, b: Float64Array): number {
    return Math.hypot(a[3] - b[3], a[7] - b[7], a[11] - b[11]) / SPEED;
  }

  private tooHeavy({ id, mass }: Thing): Refusal | undefined {
    const { payload } = this.context;
    return payload === undefined || mass <= payload
      ? undefined
      : { code: "TOO_HEAVY", why: `${id} weighs up to ${mass.toPrecision(2)} kg, the payload is ${payload} kg` };
  }

  private tooWide(id: string, width: number): Refusal {
    const { apertures } = this.context.arm.gripper!;
    return {
      code: "TOO_WIDE",
      why: `${id} is ${centimetres(width)} wide, the hand opens ${centimetres(apertures[apertures.length - 1])}`,
    };
  }

  private outOfReach(what: string, nearest: Reached | undefined): Refusal {
    const why =
      nearest === undefined || nearest.off > 0
        ? `the tool stays ${centimetres(nearest?.off ?? Infinity)} away`
        : `${nearest.by} is broken by ${(-nearest.margin).toPrecision(2)}`;
    return { code: "OUT_OF_REACH", why: `the arm cannot ${what}: ${why}` };
  }
}

/** A tool pose moved back along the way that the hand comes. */
export function raised(tool: Float64Array, approach: readonly number[], by: number): Float64Array {
  const up = tool.slice();
  for (let i = 0; i < 3; i++) up[4 * i + 3] -= by * approach[i];
  return up;
}

export const holdingRule = (held: Held): GuardrailSpec => ({ kind: "holding", config: held });

const centimetres = (x: number): string => `${(100 * x).toFixed(1)} cm`;
