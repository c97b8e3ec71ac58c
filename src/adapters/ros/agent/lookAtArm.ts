import rclnodejs from "rclnodejs";
import { handTracker } from "../../../agent/HandTracker.js";
import { trackingBounds } from "../../../agent/robot/trackingBounds.js";
import type { AgentSetup } from "../../../agent/setup/AgentSetup.js";
import { BeliefMemory } from "../../../memory/beliefs/BeliefMemory.js";
import { MeasuredJoints } from "../../../runtime/ingress/MeasuredJoints.js";
import { Rhythm } from "../../../runtime/ingress/Rhythm.js";
import type { Seconds } from "../../../core/Seconds.js";
import { toSeconds } from "../cdr/Stamp.js";
import { endsOf } from "./CommandEnds.js";
import { commandEndFindings } from "./commandEndFindings.js";
import { commandAction } from "../commandTopic.js";
import { hearWithSource, publishersOf } from "../hearWithSource.js";

const TYPE = "trajectory_msgs/msg/JointTrajectory";

/** Findings about an arm in this ROS domain, in words. */
export interface ArmFound {
  readonly taken: number; // accepted joint states, in the time of the check
  readonly joints: string; // what is wrong with them, "" if nothing
  readonly controller: string; // what is wrong with the link to its controller, "" if nothing
  readonly hearers: readonly string[]; // subscribers of its commands
  readonly hand?: { readonly taken: number; readonly trouble: string }; // of a robot with a gripper, likewise
}

/**
 * Listens to an arm's joint states and finds the subscribers of its commands, for `time` seconds; moves nothing. Of
 * stamps only the rhythm is checked: whether they are on our clock depends on whether the time is simulated.
 */
export async function lookAtArm(setup: AgentSetup, time: Seconds): Promise<ArmFound> {
  rclnodejs.removeSignalHandlers();
  await rclnodejs.init();
  const node = new rclnodejs.Node("telos_doctor");
  try {
    const { arm, robot, agent } = setup,
      measured = new MeasuredJoints(setup),
      rhythm = new Rhythm(),
      tracker = handTracker(setup, new BeliefMemory(trackingBounds(setup)));
    let taken = 0,
      refusal = "",
      last: Seconds = NaN,
      grips = 0,
      ungripped = "",
      strangers: readonly string[] = [];
    const sources = new Set<string>(); // publishers of the arm's joints
    hearWithSource(node, 32, (m, gid) => {
      const stamp = toSeconds(m.header.stamp);
      if (m.name.some((name) => arm.jointNames.includes(name))) sources.add(gid);
      const why = measured.take({ stamp, names: m.name, positions: m.position, velocities: m.velocity }, stamp);
      const joints = { names: m.name, positions: m.position, velocities: m.velocity, efforts: m.effort },
        hand = tracker?.take(stamp, joints, stamp);
      if (hand === "") grips++;
      else if (hand !== undefined && hand !== "duplicate" && hand !== "stranger") ungripped = hand;
      if (why === "stranger") strangers = m.name.slice(0, 4);
      else if (why !== "" && why !== "duplicate") refusal = why;
      else if (why === "") (taken++, rhythm.hear(stamp, (last = stamp)));
    });
    node.spin();
    await new Promise((resolve) => setTimeout(resolve, 1000 * time));
    const topic = node.resolveTopicName(robot.controller.topic),
      { hearers, senders, elsewhere } = endsOf(node, topic, TYPE);
    const self = node.getFullyQualifiedName();
    const told = node.resolveTopicName("joint_states");
    const publishers = publishersOf(node, told),
      rivals = [...sources].map((gid) => publishers.find((p) => p.gid === gid)?.node ?? "a node that has ended");
    const joints = ((): string => {
      if (rivals.length > 1)
        return (
          `${rivals.sort().join(" and ")} publish the arm's joints on ${told}: the agent uses the one that came ` +
          "first, and none if that is not known; stop one of them"
        );
      if (taken > 0) return rhythm.trouble({ name: "joint_states", most: agent.perception.stale_after }, last);
      if (refusal !== "") return `all refused: ${refusal}`;
      if (strangers.length > 0) return `those received name ${strangers.join(", ")}, want ${arm.jointNames.join(", ")}`;
      return `nothing on ${told} for ${time} s`;
    })();
    const handTrouble = (): string => {
      const hand = robot.gripper!.controller,
        names = robot.gripper!.joints.join(", ");
      if (grips === 0) return ungripped ? `all refused: ${ungripped}` : `nothing of ${names} on ${told} for ${time} s`;
      if (hand.interface !== "joint_trajectory") return "";
      const at = node.resolveTopicName(hand.topic);
      return endsOf(node, at, TYPE).hearers.some((name) => name !== self) ? "" : `nobody subscribes to ${at}`;
    };
    const action = node.resolveTopicName(commandAction(robot.controller));
    const served = node.getServiceNamesAndTypes().some(({ name }) => name === `${action}/_action/send_goal`);
    const findings = (): string =>
      commandEndFindings({
        topic,
        self: senders[0] ?? self,
        hearers: hearers.filter((name) => name !== self),
        senders,
        elsewhere,
      })
        .map((f) => f.words)
        .join("; ");
    const unserved = served ? "" : `nobody serves the action ${action}`;
    const controller = robot.controller.interface === "action" ? unserved : findings();
    if (tracker === undefined) return { taken, joints, controller, hearers };
    return { taken, joints, controller, hearers, hand: { taken: grips, trouble: handTrouble() } };
  } finally {
    node.destroy();
    rclnodejs.shutdown();
  }
}
