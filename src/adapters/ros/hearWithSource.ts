import type rclnodejs from "rclnodejs";
import type { JointState } from "./cdr/JointState.js";
import type { Publisher } from "./agent/JointSources.js";
import { qualities } from "./qualities.js";

interface Endpoint {
  readonly node_name: string;
  readonly node_namespace: string;
  readonly endpoint_gid: readonly number[];
}

const UNKNOWN = /^_NODE_NAME_UNKNOWN_$/; // rmw's name of an endpoint whose node is not discovered yet

/** Publishers on a topic (resolved). */
export function publishersOf(node: rclnodejs.Node, topic: string): Publisher[] {
  return (node.getPublishersInfoByTopic(topic, false) as Endpoint[]).map((e) => ({
    gid: Buffer.from(e.endpoint_gid).toString("hex"),
    node: UNKNOWN.test(e.node_name) ? "" : `${e.node_namespace.replace(/\/$/, "")}/${e.node_name}`,
  }));
}

/**
 * Joint states with the identity of their publisher, as in `publishersOf`. rclnodejs gives it only for messages that it
 * parses, which takes several times as long as reading their bytes.
 */
export function hearWithSource(
  node: rclnodejs.Node,
  depth: number,
  take: (m: JointState, gid: string) => void,
): rclnodejs.Subscription {
  return node.createSubscription(
    "sensor_msgs/msg/JointState",
    "joint_states",
    { qos: qualities.sensor(depth) },
    (message: unknown, info?: rclnodejs.MessageInfo) =>
      take(parsedJoints(message), Buffer.from(info!.publisherGid as Uint8Array).toString("hex")),
  );
}

/** A joint state as rclnodejs parsed it. */
export function parsedJoints(message: unknown): JointState {
  const m = message as {
    header: { stamp: { sec: number; nanosec: number }; frame_id: string };
    name: string[];
    position: Float64Array;
    velocity: Float64Array;
    effort: Float64Array;
  };
  return { ...m, header: { stamp: m.header.stamp, frameId: m.header.frame_id } };
}
