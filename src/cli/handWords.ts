import type { GripperConfig } from "../config/index.js";
import type { Gripper } from "../kinematics/index.js";

/** A hand in a line: its joints, its stroke, force and speed, and how it is commanded. */
export function handWords(
  { jointNames, apertures, joints, force, speed }: Gripper,
  { interface: kind, topic, action }: GripperConfig["controller"],
): string {
  const last = apertures.length - 1,
    n = jointNames.length;
  const row = (i: number): string =>
    `${short(1000 * apertures[i])} mm at ${Array.from(joints.subarray(i * n, (i + 1) * n), short).join(", ")}`;
  return (
    `${jointNames.join(", ")} from ${row(0)} to ${row(last)}, at most ${force} N and ${speed} m/s, ` +
    (kind === "joint_trajectory" ? `trajectories on ${topic}` : `${kind} at ${action}`)
  );
}

const short = (x: number): number => Number(x.toFixed(4));
