import type rclnodejs from "rclnodejs";
import type { Seconds } from "../core/Seconds.js";
import { decodeString } from "./cdr/StringMessage.js";
import { qualities } from "./qualities.js";

/** The URDF text on `robot_description` (latched), or undefined if none comes within `timeout`. @throws RangeError for bytes that are no text */
export function awaitDescription(node: rclnodejs.Node, timeout: Seconds): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const subscription = node.createSubscription("std_msgs/msg/String", "robot_description", { isRaw: true, qos: qualities.latched() }, (bytes: Buffer) => {
      end();
      try {
        resolve(decodeString(bytes));
      } catch (error) {
        reject(error as Error);
      }
    });
    const timer = setTimeout(() => {
      end();
      resolve(undefined);
    }, 1000 * timeout);
    const end = (): void => {
      clearTimeout(timer);
      setImmediate(() => node.destroySubscription(subscription)); // not within its own callback
    };
  });
}
