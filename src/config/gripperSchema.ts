import { z } from "zod";
import { orientation } from "./orientation.js";
import { force, jointPosition, length, speed, vec3 } from "./quantity.js";

const joints = z.array(jointPosition()).min(1).max(4);
const point = vec3(length());

/** How the controller of a hand receives commands. */
export const HAND_INTERFACES = ["joint_trajectory", "gripper_command", "parallel_gripper_command"] as const;

/** A hand with two pads: its joints, how far they part, and what tells that it holds something. */
export const gripperSchema = z.strictObject({
  joints: z
    .array(z.string().min(1))
    .min(1)
    .max(4)
    .refine((names) => new Set(names).size === names.length, "each joint at most once")
    .describe("joints that the hand's controller drives; joints that mimic them in the URDF follow"),
  open: length({ above: 0, max: 1 }).describe("distance between the pads when open"),
  closed: length({ min: 0, max: 1 }).default(0).describe("distance between the pads when closed"),
  at: z
    .strictObject({
      open: joints.optional().describe("values of `joints` when open"),
      closed: joints.optional().describe("values of `joints` when closed"),
    })
    .prefault({})
    .describe("joint values at both ends; default: those ends of the URDF's limits at which the pads part by `open`"),
  force: force({ above: 0, max: 1000 }).describe("largest force between the pads"),
  speed: speed({ above: 0, max: 2 }).describe("largest speed of the distance between the pads"),
  pads: z
    .strictObject({
      links: z
        .array(z.string())
        .min(1)
        .max(2)
        .optional()
        .describe(
          "links that carry the pads, one if the other pad stands still; default: the last link of each finger",
        ),
      position: point.default([0, 0, 0]).describe("middle between the pads when closed, in the tool frame"),
      orientation: orientation
        .default([0, 0, 0, 1])
        .describe("orientation there, in the tool frame: the pads close along y, z points out of the hand"),
      size: z
        .tuple([length({ above: 0 }), length({ above: 0 })])
        .default([0.02, 0.02])
        .describe("width of a pad along x and its length along z"),
      finger: length({ above: 0 }).default(0.015).describe("how far a finger reaches outwards from its pad's face"),
      depth: length({ above: 0 }).default(0.04).describe("from the middle of the pads back to the palm"),
    })
    .prefault({})
    .describe("where the pads are, and their size"),
  controller: z
    .strictObject({
      interface: z
        .enum(HAND_INTERFACES)
        .default("joint_trajectory")
        .describe("how commands are sent: a trajectory on the topic, or goals of an action of control_msgs"),
      topic: z
        .string()
        .default("gripper_controller/joint_trajectory")
        .describe("command topic of interface joint_trajectory, relative to the node's namespace"),
      efforts: z
        .boolean()
        .default(false)
        .describe(
          "whether trajectories carry the greatest force, as efforts: Telos's simulator obeys them, a " +
            "joint_trajectory_controller of positions refuses them",
        ),
      action: z
        .string()
        .default("gripper_controller/gripper_cmd")
        .describe("action of the interfaces gripper_command and parallel_gripper_command"),
    })
    .prefault({})
    .describe("the controller of the hand, and how it receives commands"),
  held: z
    .strictObject({
      least: length({ above: 0, max: 0.05 })
        .default(0.002)
        .describe("something is held when the pads come to rest farther than this short of where they are sent"),
      force: force({ min: 0, max: 1000 })
        .default(2)
        .describe("and with at least this force between them, where joint states tell efforts"),
    })
    .prefault({})
    .describe("what tells that something is held"),
});

/** A robot's `gripper`, checked, in SI units. */
export type GripperConfig = z.output<typeof gripperSchema>;
