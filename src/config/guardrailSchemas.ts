import { z } from "zod";
import { angle, angularAcceleration, angularJerk, angularSpeed, duration, force, length, mass, quantity, ratio, vec3 } from "./quantity.js";

const direction = vec3(ratio()).refine((d) => Math.hypot(...d) > 1e-6, "a direction that is not zero");

/** Bounds that a robot may declare and a task may tighten: the same words in both files. */
export const boundSchemas = {
  /** Where every capsule must stay, an axis-aligned box of the base frame. */
  workspace: z.strictObject({ box: z.strictObject({ center: vec3(length()), size: vec3(length({ above: 0 })) }) }),
  /** Angle between the tool's z axis and a direction of the base frame. */
  tool_tilt: z.strictObject({ max: angle({ above: 0, max: Math.PI }), direction: direction.default([0, 0, -1]) }),
  /** Angle between an axis of the tool (a cup's up) and the up that a liquid feels. */
  spill: z.strictObject({ max: angle({ above: 0, max: Math.PI / 2 }), axis: direction.default([0, 0, 1]) }),
  /** What the arm carries; no joint may need more than (1 − reserve) of its effort to move it. */
  payload: z.strictObject({ mass: mass({ min: 0, max: 1000 }), com: vec3(length()).default([0, 0, 0]), reserve: ratio(0.02, 0.9).default(0.05) }), // com in the tool frame
} as const;

const stiffness = quantity([1, 0, -2, 0], "a stiffness", "75 N/mm", { above: 0 });

/** The hardest touch that a robot may ever make on purpose; without it, none. */
export const contactCap = z.strictObject({ force: force({ above: 0 }), stiffness: stiffness.default(150_000) }); // of both bodies in touch, N/m

/** The hardest touch, meant or not, that does not latch; declared, it needs a force sensor on the topic `wrench`, and nothing moves without one. */
export const contactForce = z.strictObject({ max: force({ above: 0 }), stale_after: duration({ above: 0, max: 2 }).default(0.1) });

/** What a task may touch, and how hard. */
export const contactWish = z.strictObject({ bodies: z.array(z.string().min(1).max(80)).min(1).max(100), force: force({ above: 0 }) });

/** What a task may make slower: no joint exceeds these, nor the robot's own. */
export const limitsWish = z.strictObject({ velocity: angularSpeed({ above: 0 }).optional(), acceleration: angularAcceleration({ above: 0 }).optional(), jerk: angularJerk({ above: 0 }).optional() });

/** A robot's declaration: every bound at most once. */
export const robotBounds = z.strictObject({
  tool_tilt: boundSchemas.tool_tilt.optional(),
  spill: boundSchemas.spill.optional(),
  payload: boundSchemas.payload.optional(),
  contact: contactCap.optional(),
  contact_force: contactForce.optional(),
});
