import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import { placedShape } from "../../core/geometry/placedShape.js";
import type { Shape } from "../../core/geometry/Shape.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { State } from "../../core/State.js";
import type { Thing } from "../../core/Thing.js";
import { Kinematics } from "../../kinematics/index.js";
import { extentOf, type Extent } from "./extentOf.js";
import type { TaskContext } from "./TaskContext.js";
import type { TaskWorld } from "./TaskWorld.js";

const OVER = 0.005; // m, by which things may overlap where one stands on the other
const FLAT = 0.006; // m, between the top of a support and what stands on it

/** What the task level plans about: the things that are believed and whose shapes are known, and what is fixed. */
export class Scenery {
  readonly things: ReadonlyMap<string, Thing>;
  readonly start: TaskWorld;
  /** Half the diagonal of each thing seen from above, m: the circle that it turns in. */
  readonly radius: ReadonlyMap<string, number>;
  private readonly boxes = new WeakMap<Float64Array, { readonly id: string; readonly box: Extent }>(); // by pose
  private readonly own: ReadonlyMap<string, Extent>; // in the thing's own frame
  private readonly solid: readonly Extent[]; // of fixed parts, base frame

  constructor(context: TaskContext, { objects, things = new Map(), held, q }: State) {
    const known = [...things.values()].filter(({ id }) => objects.has(id));
    this.things = new Map(known.map((thing) => [thing.id, thing]));
    const kinematics = new Kinematics(context.arm);
    kinematics.forward(q, 0);
    const poses = new Map<string, Float64Array>();
    for (const { id } of known) {
      const { position, orientation } = objects.get(id)!;
      if (id !== held?.id) poses.set(id, transformFromQuat(new Float64Array(12), 0, orientation, position));
    }
    this.start = { poses, tool: kinematics.tool.slice(), ...(held && { held: { id: held.id, pose: held.pose } }) };
    this.own = new Map(known.map(({ id, parts }) => [id, extentOf(parts)]));
    this.radius = new Map(
      known.map(({ id, round }) => {
        const { low, high } = this.own.get(id)!,
          [x, y] = [(high[0] - low[0]) / 2, (high[1] - low[1]) / 2];
        return [id, round === true ? Math.max(x, y) : Math.hypot(x, y)];
      }),
    );
    this.solid = context.fixed.filter((s) => s.kind !== "halfSpace").map((s) => extentOf([s]));
  }

  /** The box about a thing in its own frame. */
  extent(id: string): Extent {
    return this.own.get(id)!;
  }

  /** The box about a thing at a pose that never changes, edges along the base frame's axes. */
  placed(id: string, pose: Float64Array): Extent {
    const known = this.boxes.get(pose);
    if (known?.id === id) return known.box;
    const box = extentOf(this.things.get(id)!.parts, pose);
    this.boxes.set(pose, { id, box });
    return box;
  }

  /** The shapes of a thing at a pose. */
  shapes(id: string, pose: Float64Array): Shape[] {
    return this.things.get(id)!.parts.flatMap((part) => (part.kind === "halfSpace" ? [] : [placedShape(part, pose)]));
  }

  /** The shapes of all things in a world but some, prepared for distances. */
  obstacles(world: TaskWorld, but: readonly string[]): { readonly id: string; readonly solid: PreparedShape }[] {
    return [...world.poses].flatMap(([id, pose]) =>
      but.includes(id) ? [] : this.shapes(id, pose).map((shape) => ({ id, solid: new PreparedShape(shape) })),
    );
  }

  /** The things that stand on a thing. */
  onTop(id: string, world: TaskWorld): string[] {
    const pose = world.poses.get(id);
    if (pose === undefined) return [];
    const { low, high } = this.placed(id, pose);
    return [...world.poses]
      .filter(([other, at]) => {
        if (other === id) return false;
        const box = this.placed(other, at),
          [x, y] = [(box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2];
        const over = x > low[0] - OVER && x < high[0] + OVER && y > low[1] - OVER && y < high[1] + OVER;
        return over && box.low[2] > (low[2] + high[2]) / 2 && box.low[2] < high[2] + FLAT;
      })
      .map(([other]) => other);
  }

  /** The height of the highest fixed face or thing below a point, m; −Infinity if there is none. */
  floorAt(x: number, y: number, below: number, world?: TaskWorld, but: readonly string[] = []): number {
    let top = -Infinity;
    const see = ({ low, high }: Extent): void => {
      if (x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1] && high[2] <= below) top = Math.max(top, high[2]);
    };
    this.solid.forEach(see);
    for (const [id, pose] of world?.poses ?? []) if (!but.includes(id)) see(this.placed(id, pose));
    return top;
  }

  /**
   * What a thing at a pose would run into: ids of things whose circles and heights overlap its own, `fixed` for the
   * rest of the scene.
   * @param gap m, that they must be apart
   */
  meets(id: string, pose: Float64Array, world: TaskWorld, gap: number, but: readonly string[] = []): string[] {
    const mine = this.placed(id, pose),
      r = this.radius.get(id)!;
    const met = [...world.poses].filter(([other, at]) => {
      if (other === id || but.includes(other)) return false;
      const its = this.placed(other, at);
      if (its.low[2] > mine.high[2] - OVER || its.high[2] < mine.low[2] + OVER) return false;
      return Math.hypot(at[3] - pose[3], at[7] - pose[7]) < r + this.radius.get(other)! + gap;
    });
    const walls = this.solid.some(({ low, high }) => {
      if (low[2] > mine.high[2] - OVER || high[2] < mine.low[2] + OVER) return false;
      const dx = Math.max(low[0] - pose[3], pose[3] - high[0], 0),
        dy = Math.max(low[1] - pose[7], pose[7] - high[1], 0);
      return Math.hypot(dx, dy) < r + Math.min(gap, OVER);
    });
    return [...met.map(([other]) => other), ...(walls ? ["fixed"] : [])];
  }
}
