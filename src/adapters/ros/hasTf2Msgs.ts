import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether this environment has tf2_msgs/msg/TFMessage. The package belongs to tf2, and a ROS 2 made of wheels has none.
 */
export function hasTf2Msgs(prefixes = process.env.AMENT_PREFIX_PATH ?? ""): boolean {
  return prefixes
    .split(":")
    .some((prefix) => prefix !== "" && existsSync(join(prefix, "share", "tf2_msgs", "msg", "TFMessage.msg")));
}
