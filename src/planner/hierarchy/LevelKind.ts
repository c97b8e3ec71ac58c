import type { z } from "zod";
import type { Seconds } from "../../core/Seconds.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Sweep } from "../../kinematics/Sweep.js";
import type { Predictor } from "../../worldmodel/Predictor.js";
import type { TaskContext } from "../task/TaskContext.js";
import type { TaskInputs } from "../task/TaskInputs.js";
import type { Refusal, TaskPlan } from "../task/TaskPlan.js";

/** What a level's model is made from. */
export interface LevelContext {
  readonly arm: Arm;
  readonly sweep: Sweep;
  readonly latency: Seconds; // until a new command can brake
}

/** Time scale of a level. */
export interface LevelTime {
  readonly dt: Seconds; // between actions
  readonly knots: number; // kinematic knots per action
  readonly horizon: number; // actions
}

/** Plans the steps of a task. */
export type StepPlanner = (inputs: TaskInputs) => TaskPlan | Refusal;

/**
 * A kind of level, named by `model` of a level in an agent file: the meaning of its actions. One file declares it; one
 * line of `levelKinds` (or `levelKinds.add` from outside) makes it known to files, docs and planners. It either
 * predicts or plans steps.
 */
export interface LevelKind<Own = object> {
  readonly describe: string; // meaning of its actions
  // its own keys in an agent file, or other defaults for common ones; one that plans steps has no other keys but a name
  readonly keys?: z.ZodRawShape;
  /** How its actions move the arm. */
  predictor?(level: LevelTime & Own, context: LevelContext): Predictor;
  /** The planner of steps: small tasks for the levels below, one after the other. A top level only. */
  planner?(level: Own, context: Omit<TaskContext, "level">): StepPlanner;
}
