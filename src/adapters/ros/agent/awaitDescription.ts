import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { decodeString } from "../cdr/StringMessage.js";
import { qualities } from "../qualities.js";

/**
 * The URDF text on `robot_description` (latched), or undefined if none comes within `timeout` (Infinity: for ever) or
 * before `ended`.
 * @throws RangeError for bytes that are not a text
 */
export function awaitDescription(
  node: rclnodejs.Node,
  timeout: Seconds,
  ended?: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    if (ended?.aborted) return resolve(undefined);
    const subscription = node.createSubscription(
      "std_msgs/msg/String",
      "robot_description",
      { isRaw: true, qos: qualities.latched() },
      (bytes: Buffer) => {
        end();
        try {
          resolve(decodeString(bytes));
        } catch (error) {
          reject(error as Error);
        }
      },
    );
    const giveUp = (): void => {
      end();
      resolve(undefined);
    };
    const timer = timeout < Infinity ? setTimeout(giveUp, 1000 * timeout) : undefined;
    ended?.addEventListener("abort", giveUp);
    const end = (): void => {
      clearTimeout(timer);
      ended?.removeEventListener("abort", giveUp);
      setImmediate(() => node.destroySubscription(subscription)); // not within its own callback
    };
  });
}
