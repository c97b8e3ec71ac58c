import { z } from "zod";
import { geometry, length } from "../config/index.js";
import { CapabilityError, UnknownObjectError } from "./BindError.js";
import type { Plugin } from "./Plugin.js";
import type { Residual } from "./Residual.js";

/**
 * Goals of the task language that need a world model which foresees objects or images. Their form is checked like any other's, so that a task file is right or wrong
 * independently of the agent; an agent without such a model refuses them by name when the task is bound. `create` takes `never`: nothing gets that far.
 */
function beyond<C>(schema: z.ZodType<C>, objectsOf: (config: C) => readonly (readonly [id: string, ...path: PropertyKey[]])[], lack: string): Plugin<C, never, Residual> {
  return {
    schema,
    bind(config, { objects }) {
      for (const [id, ...path] of objectsOf(config)) if (!objects.includes(id)) throw new UnknownObjectError(id, objects, path);
      throw new CapabilityError(lack);
    },
    create: (spec) => spec,
  };
}

const id = z.string().min(1);
const pair = z.tuple([id, id]); // [what, relative to what]
const tolerance = length({ above: 0 }).default(0.02);
const noObjects = "no world model of this agent predicts how objects move";

/** `region: { object: puck, in: { box: {…} } }` */
export const region = beyond(z.strictObject({ object: id, in: geometry, tolerance }), (c) => [[c.object, "object"]], noObjects);

const relations = z
  .strictObject({ on: pair.optional(), in: pair.optional(), left_of: pair.optional(), right_of: pair.optional(), in_front_of: pair.optional(), behind: pair.optional(), tolerance })
  .refine(({ tolerance: _, ...asked }) => Object.keys(asked).length === 1, "exactly one of: on, in, left_of, right_of, in_front_of, behind");

/** `relation: { on: [puck, mark] }` */
export const relation = beyond(relations, ({ tolerance: _, ...asked }) => Object.entries(asked).flatMap(([key, ids]) => (ids ?? []).map((name, i) => [name, key, i] as const)), noObjects);

/** `goal_image: { path: goal.png, camera: camera }` */
export const goalImage = beyond(z.strictObject({ path: z.string().min(1), camera: z.string().default("camera") }), () => [], "no world model of this agent predicts images");
