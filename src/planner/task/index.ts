export { planTask } from "./planTask.js";
export { rebased } from "./rebased.js";
export { stillHolds } from "./stillHolds.js";
export { isRefusal } from "./TaskPlan.js";
export type { OptionsConfig } from "./OptionsConfig.js";
export type { TaskContext } from "./TaskContext.js";
export type { Failure, TaskInputs } from "./TaskInputs.js";
export type { OptionKind, Place, PlannedOption, Refusal, RefusalCode, TaskPlan, TaskStep } from "./TaskPlan.js";
