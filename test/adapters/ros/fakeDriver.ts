import rclnodejs from "rclnodejs";
import { encodeJointState } from "../../../src/adapters/ros/cdr/JointState.js";
import { fromSeconds } from "../../../src/adapters/ros/cdr/Stamp.js";

/**
 * A driver as a process of its own, for lookAtArm.test.ts. argv: how it tells the joints (well, degrees, stranger,
 * seldom), the topic on which it hears commands, the arm's home in rad and its joints as JSON.
 */
const [how, topic, home, names] = process.argv.slice(2);
await rclnodejs.init();
const node = new rclnodejs.Node("driver");
node.createSubscription("trajectory_msgs/msg/JointTrajectory", topic, () => undefined);
const publisher = node.createPublisher("sensor_msgs/msg/JointState", "joint_states");
const joints = JSON.parse(names) as string[],
  angles = JSON.parse(home) as number[];
setInterval(
  () => {
    const strange = how === "stranger",
      scale = how === "degrees" ? 180 / Math.PI : 1;
    const message = {
      header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" },
      name: strange ? ["finger"] : joints,
      position: strange ? [0] : angles.map((x) => scale * x),
      velocity: [],
      effort: [],
    };
    publisher.publish(Buffer.from(encodeJointState(message)) as never);
  },
  how === "seldom" ? 200 : 10,
);
node.spin();
process.stdout.write("ready\n");
