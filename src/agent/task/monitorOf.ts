import type { Seconds } from "../../core/Seconds.js";
import { createGoal, type TaskSpec } from "../../cost/index.js";
import type { Arm } from "../../kinematics/Arm.js";
import { GoalMonitor } from "./GoalMonitor.js";

/** What looks whether a task's goals hold. @param hold for so long all must, s; default: the task's */
export const monitorOf = (arm: Arm, task: Pick<TaskSpec, "goal" | "hold">, hold: Seconds = task.hold): GoalMonitor =>
  new GoalMonitor(
    arm,
    task.goal.map((goal) => createGoal(goal, { nq: arm.nq, limits: arm.limits })),
    hold,
  );
