import { readFileSync } from "node:fs";
import rclnodejs from "rclnodejs";
import { encodeImage } from "../../../src/adapters/ros/cdr/Image.js";
import { encodeJointState } from "../../../src/adapters/ros/cdr/JointState.js";
import { fromSeconds } from "../../../src/adapters/ros/cdr/Stamp.js";
import { qualities } from "../../../src/adapters/ros/qualities.js";

/**
 * Tells of joints at 50 Hz, as a program of its own; with a URDF's file of the arm too, with a camera, and offers an
 * agent's action. argv: the node's name, positions and joints as JSON, the file.
 */
const [name, positions, joints, urdf] = process.argv.slice(2);
await rclnodejs.init();
const node = new rclnodejs.Node(name),
  publisher = node.createPublisher("sensor_msgs/msg/JointState", "joint_states");
const told = { name: JSON.parse(joints) as string[], position: JSON.parse(positions) as number[] };
setInterval(
  () =>
    publisher.publish(
      Buffer.from(
        encodeJointState({
          ...told,
          header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" },
          velocity: [],
          effort: [],
        }),
      ) as never,
    ),
  20,
);
if (urdf !== undefined) {
  const description = node.createPublisher("std_msgs/msg/String", "robot_description", { qos: qualities.latched(1) }),
    camera = node.createPublisher("sensor_msgs/msg/Image", "camera/image_raw");
  description.publish({ data: readFileSync(urdf, "utf8") });
  setInterval(
    () =>
      camera.publish(
        Buffer.from(
          encodeImage({
            header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" },
            width: 2,
            height: 1,
            encoding: "rgb8",
            isBigendian: false,
            step: 6,
            data: new Uint8Array(6),
          }),
        ) as never,
      ),
    100,
  );
  new rclnodejs.ActionServer(node, "telos_interfaces/action/Accomplish" as never, "telos/accomplish", (() =>
    Promise.resolve({})) as never);
}
node.spin();
process.stdout.write("ready\n");
