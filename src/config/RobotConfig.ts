import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { gripperSchema } from "./gripperSchema.js";
import { boundSchemas, robotBounds } from "./guardrailSchemas.js";
import { loadConfig } from "./loadConfig.js";
import { orientation } from "./orientation.js";
import { parseConfig } from "./parseConfig.js";
import { everyAcceleration, everyJerk, everyPosition, withPreset } from "./perKind.js";
import {
  duration,
  jointAcceleration,
  jointEffort,
  jointJerk,
  jointPosition,
  jointSpeed,
  length,
  ratio,
  vec3,
} from "./quantity.js";
import { resolveConfig } from "./resolveConfig.js";
import { printable, type YamlDocument } from "./YamlDocument.js";

/** Kinds of controllers whose handling of trajectories is known. */
export const CONTROLLERS = ["ros2_control", "gazebo"] as const;

const point = vec3(length());
const jointLimits = z.strictObject({
  lower: jointPosition().optional().describe("lower position limit, instead of the URDF's"),
  upper: jointPosition().optional().describe("upper position limit, instead of the URDF's"),
  velocity: jointSpeed({ above: 0 }).optional().describe("largest speed; default: the URDF's"),
  acceleration: jointAcceleration({ above: 0 })
    .optional()
    .describe("largest acceleration; default: limits.acceleration"),
  jerk: jointJerk({ above: 0 }).optional().describe("largest jerk; default: limits.jerk"),
  effort: jointEffort({ above: 0 })
    .optional()
    .describe("largest torque, or force of a sliding joint; default: the URDF's"),
});

/**
 * An arm: its URDF, and what a URDF does not contain. Every other key has a default, so a bare URDF is a robot too.
 */
export const robotSchema = z.strictObject({
  name: z.string().min(1).max(80).describe("name in messages and logs"),
  urdf: z
    .string()
    .min(1)
    .optional()
    .describe("path of the URDF, relative to this file; without it the URDF comes on the topic robot_description"),
  base: z.string().optional().describe("link whose frame all poses use; default: the root of the tree"),
  tool: z.string().optional().describe("link that the arm works with; default: the last link of the chain"),
  tool_offset: z
    .strictObject({
      position: point.default([0, 0, 0]).describe("its origin"),
      orientation: orientation.default([0, 0, 0, 1]).describe("orientation of its axes; z points out of the hand"),
    })
    .prefault({})
    .describe("tool frame, in the tool link"),
  joints: z
    .array(z.string())
    .min(1)
    .max(12)
    .optional()
    .describe("joints that the agent moves, from base to tool; default: all movable joints"),
  home: z
    .array(jointPosition())
    .max(12)
    .optional()
    .describe(
      "start and rest posture, an angle (of a sliding joint a length) for each joint; default: 0, or the middle of " +
        "the limits",
    ),
  limits: z
    .strictObject({
      velocity_scale: ratio(0.01, 1)
        .default(0.95)
        .describe(
          "share of the velocity limits used for planning; the rest is for the drives' overshoot. Slow mode: lower",
        ),
      acceleration: withPreset(everyAcceleration({ above: 0 }), { turning: 5, sliding: 5 }).describe(
        "largest acceleration of all joints; a URDF has none",
      ),
      jerk: everyJerk({ above: 0 })
        .optional()
        .describe("largest jerk of all joints; without it accelerations may jump"),
      joints: z
        .record(z.string(), jointLimits)
        .default({})
        .describe("limits of single joints, by name, instead of the URDF's"),
    })
    .prefault({})
    .describe("limits of the joints, within those of the URDF"),
  capsules: z
    .array(
      z.strictObject({
        link: z.string().describe("link that it belongs to"),
        p0: point.describe("one end of its axis"),
        p1: point.describe("the other end"),
        radius: length({ above: 0 }).describe("radius of the capsule"),
      }),
    )
    .max(64)
    .optional()
    .describe("shape of the arm, in link frames; default: fitted to the URDF's collision geometry"),
  self_collision: z
    .strictObject({
      ignore: z
        .array(z.tuple([z.string(), z.string()]))
        .default([])
        .describe("pairs of links that may touch"),
    })
    .prefault({})
    .describe("exceptions from self-collision"),
  controller: z
    .strictObject({
      interface: z
        .enum(["topic", "action"])
        .default("topic")
        .describe("how commands are sent: a stream on the topic, or goals of FollowJointTrajectory"),
      law: z
        .enum(CONTROLLERS)
        .default("ros2_control")
        .describe(
          "kind of controller: ros2_control's joint_trajectory_controller, or Gazebo's own (worlds of `telos export " +
            "sdf`), which begins a trajectory when it arrives, and also receives torques",
        ),
      topic: z
        .string()
        .default("joint_trajectory_controller/joint_trajectory")
        .describe("command topic of the joint_trajectory_controller, relative to the node's namespace"),
      action: z
        .string()
        .optional()
        .describe("action of the controller; default: follow_joint_trajectory, beside the topic"),
      period: duration({ above: 0, max: 0.1 }).default(0.01).describe("period of its updates"),
      transport: duration({ min: 0, max: 0.1 })
        .default(0.006)
        .describe("law gazebo: time from sending a command until the arm follows it"),
      delay: duration({ min: 0, max: 0.2 })
        .default(0)
        .describe(
          "delay from a set-point to the joint states that show it; measurements are compared with the command of " +
            "that time before",
        ),
    })
    .prefault({})
    .describe("the controller of the joints, and how it receives commands"),
  gripper: gripperSchema.optional().describe("a hand with two pads, if it has one"),
  tracking_error: withPreset(everyPosition({ min: 0, max: 0.2 }), { turning: 0.05, sliding: 0.05 }).describe(
    "a larger tracking error is a fault; joint limits shrink by it",
  ),
  limit_margin: withPreset(everyPosition({ min: 0, max: 0.5 }), { turning: 0.1, sliding: 0.1 }).describe(
    "joint states farther than this beyond a joint's limits are refused",
  ),
  expected_tracking_error: everyPosition({ min: 0, max: 0.2 })
    .optional()
    .describe(
      "tracking error that the controller keeps; links are enlarged by its effect. Default: 1 mrad (1 mm), with the " +
        "law gazebo 10",
    ),
  workspace: boundSchemas.workspace.optional().describe("space in which every capsule must stay"),
  guardrails: robotBounds.prefault({}).describe("further bounds; tasks may only tighten them"),
});

/** A robot's YAML file, checked: its URDF and what the URDF does not contain, in SI units. */
export type RobotConfig = z.output<typeof robotSchema>;

/** Loads a robot by name, YAML path or URDF path. The returned `urdf` is absolute. @throws ConfigError */
export function loadRobotConfig(nameOrPath: string): RobotConfig {
  const file = resolveConfig("robots", nameOrPath);
  if (file.endsWith(".urdf")) return { ...robotSchema.parse({ name: basename(file, ".urdf") }), urdf: file };
  return parseRobot(loadConfig("robots", file));
}

/** A robot from a document already read. Its URDF path is relative to the document's file. @throws ConfigError */
export function parseRobot(document: YamlDocument): RobotConfig {
  const robot = parseConfig(robotSchema, document);
  if (robot.joints && robot.home && robot.joints.length !== robot.home.length) {
    throw document.error(["home"], `got ${robot.home.length} values, want ${robot.joints.length}, one for each joint`);
  }
  for (const [name, limit] of Object.entries(robot.limits.joints)) {
    if (limit.lower !== undefined && limit.upper !== undefined && !(limit.lower < limit.upper)) {
      throw document.error(
        ["limits", "joints", name, "lower"],
        `got ${limit.lower}, want less than upper, ${limit.upper} (rad, of a sliding joint m)`,
      );
    }
  }
  const { expected_tracking_error: expected, tracking_error: most } = robot;
  for (const [kind, unit] of [
    ["turning", "rad"],
    ["sliding", "m"],
  ] as const) {
    if (expected?.[kind] !== undefined && expected[kind] > most[kind])
      throw document.error(
        ["expected_tracking_error"],
        `got ${expected[kind]}, want at most tracking_error, ${most[kind]} (${unit})`,
      );
  }
  if (robot.urdf === undefined) return robot;
  const urdf = resolve(dirname(document.locate(["urdf"]).file), robot.urdf);
  if (!existsSync(urdf))
    throw document.error(
      ["urdf"],
      `got '${printable(robot.urdf, 80)}', and ${printable(urdf, 160)} does not exist, want the path of a URDF from ` +
        `this file, or no key \`urdf\` if the URDF comes on robot_description`,
    );
  return { ...robot, urdf };
}
