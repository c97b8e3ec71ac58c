import type { RobotConfig } from "../../config/index.js";

type Controller = RobotConfig["controller"];

/**
 * Where commands can be heard: on the controller's topic; or, where they go as goals, which nobody overhears, on one of
 * the sender's own, which moves nothing.
 * @param sender the node that sends them, as a name relative to the listener's namespace, or ~
 */
export const commandTopic = ({ interface: by, topic }: Controller, sender: string): string =>
  by === "topic" ? topic : `${sender}/commands`;

/** The controller's action: named, or beside its topic, as joint_trajectory_controller has both. */
export const commandAction = ({ action, topic }: Controller): string =>
  action ?? topic.replace(/[^/]*$/, "follow_joint_trajectory");
