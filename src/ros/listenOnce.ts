import rclnodejs from "rclnodejs";
import type { Seconds } from "../core/Seconds.js";
import { awaitDescription } from "./awaitDescription.js";
import { decodeJointState, type JointState } from "./cdr/JointState.js";
import { qualities } from "./qualities.js";

/** The next joint state that has all the joints; for a program that speaks with ROS just once. @throws Error after `within` seconds of silence */
export function listenOnce(topic: string, jointNames: readonly string[], within: Seconds): Promise<JointState> {
  const listen = (node: rclnodejs.Node): Promise<JointState> =>
    new Promise((resolve, reject) => {
      let heard: readonly string[] = [];
      const give = (): void => reject(new Error(heard.length === 0 ? `nothing on ${topic} for ${within} s: is the arm's driver or telos sim running in this ROS domain?` : `${topic} has ${heard.join(", ")}, want ${jointNames.join(", ")}`));
      const timer = setTimeout(give, 1000 * within);
      node.createSubscription("sensor_msgs/msg/JointState", topic, { isRaw: true, qos: qualities.sensor(32) }, (bytes: Buffer) => {
        const message = decodeJointState(bytes);
        heard = message.name;
        if (!jointNames.every((joint) => heard.includes(joint))) return;
        clearTimeout(timer);
        resolve(message);
      });
    });
  return withNode(listen);
}

/** The arm's URDF, as its robot_state_publisher tells it. @throws Error after `within` seconds of silence */
export async function describeOnce(within: Seconds): Promise<string> {
  const urdf = await withNode((node) => awaitDescription(node, within));
  if (urdf === undefined) throw new Error(`no robot_description within ${within} s: start robot_state_publisher, or name a URDF in the robot's file`);
  return urdf;
}

async function withNode<T>(ask: (node: rclnodejs.Node) => Promise<T>): Promise<T> {
  await rclnodejs.init();
  const node = new rclnodejs.Node("telos_plan");
  try {
    node.spin();
    return await ask(node);
  } finally {
    node.destroy();
    rclnodejs.shutdown();
  }
}
