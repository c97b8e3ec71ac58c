import type { NamedShape } from "../../config/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { PlacePose } from "./placesOf.js";
import type { Scenery } from "./Scenery.js";
import type { TaskContext } from "./TaskContext.js";
import type { TaskWorld } from "./TaskWorld.js";

const DEPTH = 0.006; // m, how deep a believed thing may seem to be in what it stands on

/** What a held thing may touch where it stands or shall stand: all that is fixed under it, and things named there. */
export function supportRules(
  { fixedIds }: TaskContext,
  scenery: Scenery,
  _id: string,
  { on }: Pick<PlacePose, "on">,
  world?: TaskWorld,
): GuardrailSpec[] {
  const shapes: NamedShape[] = on.flatMap((id) => {
    const pose = world?.poses.get(id);
    return pose === undefined ? [] : scenery.shapes(id, pose).map((shape) => ({ id, shape }));
  });
  const ids = [...new Set(fixedIds)];
  if (ids.length === 0 && shapes.length === 0) return [];
  return [{ kind: "support", config: { ids, shapes, depth: DEPTH } }];
}

/** The things of a world as obstacles, but some. */
export function avoidRules(scenery: Scenery, world: TaskWorld, but: readonly string[]): GuardrailSpec[] {
  const shapes = [...world.poses].flatMap(([id, pose]) =>
    but.includes(id) ? [] : scenery.shapes(id, pose).map((shape) => ({ id, shape })),
  );
  return shapes.length === 0 ? [] : [{ kind: "avoid", config: { shapes, spared: [] } }];
}
