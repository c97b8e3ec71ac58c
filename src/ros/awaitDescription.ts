import type { Seconds } from "../core/Seconds.js";
import { decodeString } from "./cdr/StringMessage.js";
import type { ManagedNode } from "./ManagedNode.js";
import { qualities } from "./qualities.js";

/** The URDF text on `robot_description` (latched). @throws Error if none comes within `timeout` */
export function awaitDescription(node: ManagedNode, timeout: Seconds): Promise<string> {
  return new Promise((resolve, reject) => {
    const subscription = node.createSubscription("std_msgs/msg/String", "robot_description", { isRaw: true, qos: qualities.latched() }, (bytes: Buffer) => {
      end();
      resolve(decodeString(bytes));
    });
    const timer = setTimeout(() => {
      end();
      reject(new Error(`no ${node.resolveTopicName("robot_description")} within ${timeout} s: start robot_state_publisher, or name a URDF in the robot's file`));
    }, 1000 * timeout);
    const end = (): void => {
      clearTimeout(timer);
      setImmediate(() => node.destroySubscription(subscription)); // not within its own callback
    };
  });
}
