import rclnodejs from "rclnodejs";
import { encodeJointState } from "../../src/ros/cdr/JointState.js";
import { fromSeconds } from "../../src/ros/cdr/Stamp.js";

/** Tells of joints at 50 Hz, as a program of its own. argv: the node's name, positions and joints as JSON. */
const [name, positions, joints] = process.argv.slice(2);
await rclnodejs.init();
const node = new rclnodejs.Node(name), publisher = node.createPublisher("sensor_msgs/msg/JointState", "joint_states");
const told = { name: JSON.parse(joints) as string[], position: JSON.parse(positions) as number[] };
setInterval(() => publisher.publish(Buffer.from(encodeJointState({ ...told, header: { stamp: fromSeconds(Date.now() / 1e3), frameId: "" }, velocity: [], effort: [] })) as never), 20);
node.spin();
process.stdout.write("ready\n");
