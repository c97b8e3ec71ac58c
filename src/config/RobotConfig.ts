import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { boundSchemas, robotBounds } from "./guardrailSchemas.js";
import { loadYaml } from "./loadYaml.js";
import { orientation } from "./orientation.js";
import { parseConfig } from "./parseConfig.js";
import { angle, angularAcceleration, angularJerk, angularSpeed, duration, length, ratio, torque, vec3 } from "./quantity.js";
import { resolveConfig } from "./resolveConfig.js";
import type { YamlDocument } from "./YamlDocument.js";

const point = vec3(length());
const jointLimits = z.strictObject({
  lower: angle().optional(),
  upper: angle().optional(),
  velocity: angularSpeed({ above: 0 }).optional(),
  acceleration: angularAcceleration({ above: 0 }).optional(),
  jerk: angularJerk({ above: 0 }).optional(),
  effort: torque({ above: 0 }).optional(),
});

/** An arm: its URDF, and what a URDF does not say. Everything but the URDF has a default, so a bare URDF is a robot too. */
export const robotSchema = z.strictObject({
  name: z.string().min(1).max(80),
  urdf: z.string().min(1).optional(), // path, relative to this file; absent: taken from the topic robot_description
  base: z.string().optional(), // link; default: the root of the tree
  tool: z.string().optional(), // link; default: the last link of the chain
  tool_offset: z.strictObject({ position: point.default([0, 0, 0]), orientation: orientation.default([0, 0, 0, 1]) }).prefault({}), // tool frame in the tool link
  joints: z.array(z.string()).min(1).max(12).optional(), // default: the movable joints from base to tool
  home: z.array(angle()).max(12).optional(), // default: the middle of the limits nearest zero
  limits: z
    .strictObject({
      velocity_scale: ratio(0.01, 1).default(0.95), // of all velocity limits, what is planned with; the rest is for the drives' swing. Less: the slow mode
      acceleration: angularAcceleration({ above: 0 }).default(5), // where no joint says another; URDF has none
      jerk: angularJerk({ above: 0 }).optional(), // where no joint says another; absent: accelerations may jump
      joints: z.record(z.string(), jointLimits).default({}), // may only tighten position, velocity and effort of the URDF
    })
    .prefault({}),
  capsules: z.array(z.strictObject({ link: z.string(), p0: point, p1: point, radius: length({ above: 0 }) })).max(64).optional(), // in link frames; default: from the URDF's collision geometry
  self_collision: z.strictObject({ ignore: z.array(z.tuple([z.string(), z.string()])).default([]) }).prefault({}), // pairs of links that may touch
  controller: z
    .strictObject({
      interface: z.enum(["topic", "action"]).default("topic"), // how commands reach it: a stream on its topic, or goals of FollowJointTrajectory
      topic: z.string().default("joint_trajectory_controller/joint_trajectory"),
      action: z.string().optional(), // default: follow_joint_trajectory, beside the topic
      period: duration({ above: 0, max: 0.1 }).default(0.01),
      delay: duration({ min: 0, max: 0.2 }).default(0), // from a set-point to the joint states that show it reached: what is measured is compared with what was commanded that much before
    })
    .prefault({}),
  tracking_error: angle({ min: 0, max: 0.2 }).default(0.05), // farther than this from what was commanded, the arm is lost: a fault; joint limits shrink by it
  limit_margin: angle({ min: 0, max: 0.5 }).default(0.1), // joint states farther than this beyond a joint's limits are no measurements: refused
  expected_tracking_error: angle({ min: 0, max: 0.2 }).optional(), // what its controller keeps to; links grow by what it does to them. Default: 1 mrad
  workspace: boundSchemas.workspace.optional(), // where every capsule must stay
  guardrails: robotBounds.prefault({}), // further bounds; tasks may only tighten them
});

export type RobotConfig = z.output<typeof robotSchema>;

/** Loads a robot by name, YAML path or URDF path; `urdf` comes out absolute. @throws ConfigError */
export function loadRobotConfig(nameOrPath: string): RobotConfig {
  const file = resolveConfig("robots", nameOrPath);
  if (file.endsWith(".urdf")) return { ...robotSchema.parse({ name: basename(file, ".urdf") }), urdf: file };
  return parseRobot(loadYaml(file));
}

/** A robot from a document already read; its URDF is sought beside the document's file. @throws ConfigError */
export function parseRobot(document: YamlDocument): RobotConfig {
  const robot = parseConfig(robotSchema, document);
  if (robot.joints && robot.home && robot.joints.length !== robot.home.length) {
    throw document.error(["home"], `got ${robot.home.length} angles, want ${robot.joints.length}, one for each joint`);
  }
  for (const [name, limit] of Object.entries(robot.limits.joints)) {
    if (limit.lower !== undefined && limit.upper !== undefined && !(limit.lower < limit.upper)) {
      throw document.error(["limits", "joints", name, "lower"], `got ${limit.lower}, want less than upper, ${limit.upper} (rad)`);
    }
  }
  const { expected_tracking_error: expected, tracking_error: most } = robot;
  if (expected !== undefined && expected > most) throw document.error(["expected_tracking_error"], `got ${expected}, want at most tracking_error, ${most} (rad)`);
  return robot.urdf === undefined ? robot : { ...robot, urdf: resolve(dirname(document.file), robot.urdf) };
}
