import { Kinds } from "../core/Kinds.js";
import type { CostTerm } from "./CostTerm.js";
import type { GoalGroup, GoalPlugin, Plugin } from "./Plugin.js";
import { all } from "./goals/All.js";
import { effort } from "./terms/Effort.js";
import { expression } from "./expression/Expression.js";
import { jointPositions } from "./goals/JointPositions.js";
import { keepAway } from "./terms/KeepAway.js";
import { objectAt } from "./goals/ObjectAt.js";
import { overlap } from "./goals/ObjectOverlap.js";
import { smoothness } from "./terms/Smoothness.js";
import { toolPose } from "./goals/ToolPose.js";
import { travel } from "./terms/Travel.js";
import { held } from "./goals/HeldGoal.js";
import { toolLine } from "./goals/ToolLine.js";
import { goalImage } from "./goals/GoalImage.js";
import { region } from "./goals/Region.js";
import { relation } from "./goals/Relation.js";
import { uncertainty } from "./terms/Uncertainty.js";

/** Goals by the key that names them in a task file. Each makes a Residual. */
export const goals = new Kinds<GoalPlugin>("goal", {
  tool_pose: toolPose,
  joint_positions: jointPositions,
  expression,
  object_at: objectAt,
  region,
  relation,
  goal_image: goalImage,
  held,
  tool_line: toolLine,
});

/** Ways to write several goals as one, by their key. */
export const goalGroups = new Kinds<GoalGroup>("goal", {
  all,
});

/** Terms that are only costs, by their key. Every goal can be a cost too, as a ResidualCost. */
export const costs = new Kinds<Plugin<unknown, unknown, CostTerm>>("cost", {
  keep_away: keepAway,
  effort,
  smoothness,
  travel,
  uncertainty,
  overlap,
});
