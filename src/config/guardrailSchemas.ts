import { z } from "zod";
import { angle, duration, force, length, mass, quantity, ratio, vec3 } from "./quantity.js";

const direction = vec3(ratio()).refine((d) => Math.hypot(...d) > 1e-6, "a direction that is not zero");

/** Bounds that a robot may declare and a task may tighten. Both files have the same keys. */
export const boundSchemas = {
  /** Axis-aligned box of the base frame in which every capsule must stay. */
  workspace: z
    .strictObject({
      box: z
        .strictObject({
          center: vec3(length()).describe("centre"),
          size: vec3(length({ above: 0 })).describe("its edges along x, y and z"),
        })
        .describe("an axis-aligned box of the base frame"),
    })
    .describe("space in which every capsule must stay"),
  /** Angle between the tool's z axis and a direction of the base frame. */
  tool_tilt: z
    .strictObject({
      max: angle({ above: 0, max: Math.PI }).describe("largest angle"),
      direction: direction.default([0, 0, -1]).describe("direction in the base frame"),
    })
    .describe("angle between the tool's z axis and a direction"),
  /** Angle between an axis of the tool (the cup's up direction) and the up direction that a liquid feels. */
  spill: z
    .strictObject({
      max: angle({ above: 0, max: Math.PI / 2 }).describe("largest angle"),
      axis: direction
        .default([0, 0, 1])
        .describe("axis of the tool that is the cup's up direction; of a thing in the hand its own z axis counts"),
      of: z
        .string()
        .min(1)
        .max(80)
        .optional()
        .describe("id of the thing with the liquid: the bound holds only while this is in the hand"),
    })
    .describe("angle between an axis of the tool and the up direction that a liquid feels"),
  /** The load that the arm carries. No joint may need more than (1 − reserve) of its effort to move it. */
  payload: z
    .strictObject({
      mass: mass({ min: 0, max: 1000 }).describe("largest mass that is carried"),
      com: vec3(length()).default([0, 0, 0]).describe("its centre of mass, in the tool frame"),
      reserve: ratio(0.02, 0.9).default(0.05).describe("share of each joint's effort that is kept in reserve"),
    })
    .describe("load that the arm carries"),
} as const;

const stiffness = quantity([1, 0, -2, 0], "a stiffness", "75 N/mm", { above: 0 });

/** The largest intended contact that a robot may ever make; without this key, none. */
export const contactCap = z
  .strictObject({
    force: force({ above: 0 }).describe("largest contact force"),
    stiffness: stiffness.default(150_000).describe("stiffness of both bodies in contact"),
  })
  .describe("contact on purpose; without this key it is forbidden");

/**
 * The largest contact force, intended or not, that does not latch. If declared, it needs a force sensor on the topic
 * `wrench`; without one the arm does not move.
 */
export const contactForce = z
  .strictObject({
    max: force({ above: 0 }).describe("largest contact force that does not latch"),
    stale_after: duration({ above: 0, max: 2 }).default(0.1).describe("maximum age of the sensor's message"),
  })
  .describe("bound on every contact; needs a force sensor on the topic wrench, without which the arm does not move");

/** A robot's declaration: every bound at most once. */
export const robotBounds = z.strictObject({
  tool_tilt: boundSchemas.tool_tilt.optional(),
  spill: boundSchemas.spill.optional(),
  payload: boundSchemas.payload.optional(),
  contact: contactCap.optional(),
  contact_force: contactForce.optional(),
  hand_clearance: length({ min: 0, max: 0.1 })
    .optional()
    .describe("clearance of the hand itself to what a task's `support` names; default: the agent's clearance"),
  release_height: length({ min: 0, max: 0.5 })
    .optional()
    .describe("how far a thing may fall when the hand lets it go; default: 1 cm; a task's `support` may say more"),
});
