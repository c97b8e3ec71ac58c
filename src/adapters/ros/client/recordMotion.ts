import rclnodejs from "rclnodejs";
import type { JointsAt } from "../../../core/math/servoDelay.js";
import type { Seconds } from "../../../core/Seconds.js";
import { BelievedJoints } from "../agent/BelievedJoints.js";
import { decodeJointTrajectory, type JointTrajectory } from "../cdr/JointTrajectory.js";
import { between, type Stamp } from "../cdr/Stamp.js";
import { qualities } from "../qualities.js";

export interface Motion {
  readonly measured: readonly JointsAt[];
  readonly commanded: (t: Seconds, out: Float64Array) => boolean; // as `servoDelay` takes it
}

/**
 * Records an arm's commands and measurements for a while, and moves nothing.
 * @param commands the topic of its trajectories.
 * @throws Error if nothing came
 */
export async function recordMotion(commands: string, jointNames: readonly string[], within: Seconds): Promise<Motion> {
  await rclnodejs.init();
  const node = new rclnodejs.Node("telos_calibrate");
  const measured: JointsAt[] = [],
    told: { readonly t: Seconds; readonly m: JointTrajectory; readonly order: readonly number[] }[] = [];
  let origin: Stamp | undefined,
    believed: BelievedJoints | undefined,
    sources = "";
  const since = (stamp: Stamp): Seconds => between(stamp, (origin ??= stamp));
  try {
    believed = new BelievedJoints(
      node,
      { names: jointNames, velocity: jointNames.map(() => Math.PI), endless: jointNames.map(() => false) },
      {
        believed: ({ header, name, position }) => {
          const order = jointNames.map((joint) => name.indexOf(joint));
          if (order.every((i) => i >= 0)) measured.push({ t: since(header.stamp), q: order.map((i) => position[i]) });
        },
        told: (words) => (sources = words),
      },
    );
    node.createSubscription(
      "trajectory_msgs/msg/JointTrajectory",
      commands,
      { isRaw: true, qos: qualities.reliable(100) } as never,
      (bytes: unknown) => {
        const m = decodeJointTrajectory(bytes as Buffer),
          order = jointNames.map((joint) => m.jointNames.indexOf(joint));
        if (order.every((i) => i >= 0)) told.push({ t: since(m.header.stamp), m, order });
      },
    );
    node.spin();
    await new Promise((resolve) => setTimeout(resolve, 1000 * within));
  } finally {
    believed?.destroy();
    node.destroy();
    rclnodejs.shutdown();
  }
  if (sources !== "") throw new Error(sources);
  if (measured.length === 0)
    throw new Error(
      `nothing on joint_states for ${within} s: is the arm's driver or telos sim running in this ROS domain?`,
    );
  if (told.length === 0)
    throw new Error(`nothing on ${commands} for ${within} s: let the arm do a slow, long motion meanwhile`);
  return {
    measured,
    commanded: (t, out) => {
      // the newest that covers t: each command repeats the path in force before it
      const c = told.findLast((x) => x.t <= t);
      if (c === undefined) return false;
      const { points } = c.m,
        i = points.findLastIndex((p) => p.timeFromStart <= t - c.t),
        a = points[i],
        b = points[Math.min(i + 1, points.length - 1)];
      const T = b.timeFromStart - a.timeFromStart,
        s = T > 0 ? (t - c.t - a.timeFromStart) / T : 0;
      c.order.forEach((k, j) => {
        const d = b.positions[k] - a.positions[k],
          v0 = a.velocities[k] * T,
          v1 = b.velocities[k] * T;
        out[j] = a.positions[k] + s * (v0 + s * (3 * d - 2 * v0 - v1 + s * (v0 + v1 - 2 * d)));
      });
      return true;
    },
  };
}
