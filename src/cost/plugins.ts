import { effort } from "./Effort.js";
import { expression } from "./expression/Expression.js";
import { jointPositions } from "./JointPositions.js";
import { keepAway } from "./KeepAway.js";
import { objectAt } from "./ObjectAt.js";
import { overlap } from "./ObjectOverlap.js";
import { smoothness } from "./Smoothness.js";
import { toolPose } from "./ToolPose.js";
import { travel } from "./Travel.js";
import { goalImage } from "./GoalImage.js";
import { region } from "./Region.js";
import { relation } from "./Relation.js";
import { uncertainty } from "./Uncertainty.js";

/** Goals by the key that names them in a task file. Each makes a Residual. */
export const goals = {
  tool_pose: toolPose,
  joint_positions: jointPositions,
  expression,
  object_at: objectAt,
  region,
  relation,
  goal_image: goalImage,
} as const;

/** Terms that are costs by nature, by their key. Every goal can stand among the costs too, as a ResidualCost. */
export const costs = {
  keep_away: keepAway,
  effort,
  smoothness,
  travel,
  uncertainty,
  overlap,
} as const;
