import type { TaskSpec } from "../../cost/index.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import type { Arrival } from "./Arrival.js";
import { arrivalOf } from "./arrivalOf.js";
import { StepRun, type StepPort } from "./StepRun.js";

/** The run of a task's steps, for an agent whose top level plans what to do. @param goals whether the task is done */
export function stepRunOf(setup: AgentSetup, task: TaskSpec, goals: Arrival, port: Omit<StepPort, "mayOpen">): StepRun {
  const { arm } = setup;
  return new StepRun(task, goals, (below) => arrivalOf(setup, below), arm.gripper?.speed ?? Infinity, {
    ...port,
    mayOpen: () => "",
  });
}
