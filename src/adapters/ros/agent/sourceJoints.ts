import type { Arm } from "../../../kinematics/index.js";
import type { SourceJoints } from "./JointSources.js";
import { slidesOf } from "../../../kinematics/slidesOf.js";

/** What must be known of an arm to compare two publishers of its joints. */
export const sourceJoints = ({
  jointNames,
  kinds,
  limits,
}: Pick<Arm, "jointNames" | "kinds" | "limits">): SourceJoints => ({
  names: jointNames,
  velocity: limits.velocity,
  endless: kinds.map((kind) => kind === "continuous"),
  slides: slidesOf({ kinds }),
});
