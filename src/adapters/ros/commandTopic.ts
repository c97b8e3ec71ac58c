import type { RobotConfig } from "../../config/index.js";

type Controller = RobotConfig["controller"];

/**
 * The topic of the commands: the controller's; or, if commands go as goals of an action, which nobody else receives, a
 * topic of the sender, which moves nothing.
 * @param sender the node that sends them, as a name relative to the subscriber's namespace, or ~
 */
export const commandTopic = ({ interface: by, topic }: Controller, sender: string): string =>
  by === "topic" ? topic : `${sender}/commands`;

/** The controller's action: the named one, or the one beside its topic, as joint_trajectory_controller has both. */
export const commandAction = ({ action, topic }: Controller): string =>
  action ?? topic.replace(/[^/]*$/, "follow_joint_trajectory");
