import rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import { awaitDescription } from "../agent/awaitDescription.js";
import { BelievedJoints } from "../agent/BelievedJoints.js";
import type { JointState } from "../cdr/JointState.js";
import type { SourceJoints } from "../agent/JointSources.js";

/**
 * A joint state with all the joints, from the one publisher that an agent would use, and what is wrong with the others,
 * "" if nothing; for a program that uses ROS just once.
 * @throws Error after `within` seconds of silence, or if no publisher can be used
 */
export function listenOnce(
  joints: SourceJoints,
  within: Seconds,
): Promise<{ readonly state: JointState; readonly words: string }> {
  return withNode(async (node) => {
    let state: JointState | undefined,
      heard: readonly string[] = [];
    const believed = new BelievedJoints(node, joints, {
      believed: (m) => ((heard = m.name), (state = joints.names.every((joint) => m.name.includes(joint)) ? m : state)),
      other: (m) => (heard = m.name),
    });
    const { sources } = believed,
      topic = node.resolveTopicName("joint_states");
    try {
      for (const limit = monotonic() + within; monotonic() < limit && (state === undefined || !believed.decided());)
        await new Promise((resolve) => setTimeout(resolve, 20));
      if (sources.words !== "" && sources.believed === undefined) throw new Error(sources.words);
      if (state === undefined)
        throw new Error(
          heard.length === 0
            ? `nothing on ${topic} for ${within} s: is the arm's driver or telos sim running in this ROS domain?`
            : `${topic} has ${heard.join(", ")}, want ${joints.names.join(", ")}`,
        );
      return { state, words: sources.words };
    } finally {
      believed.destroy();
    }
  });
}

/** The arm's URDF, from robot_state_publisher. @throws Error after `within` seconds of silence */
export async function describeOnce(within: Seconds): Promise<string> {
  const urdf = await withNode((node) => awaitDescription(node, within));
  if (urdf === undefined)
    throw new Error(
      `no robot_description within ${within} s: start robot_state_publisher, or name a URDF in the robot's file`,
    );
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
