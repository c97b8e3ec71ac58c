import type { TaskCode } from "../../../agent/AgentPort.js";

/**
 * The numbers of telos_interfaces/action/Accomplish. Written out, so that the command line needs no ROS to name a code;
 * a test compares them with the file.
 */
export const taskCodes = {
  NONE: 0,
  INVALID_TASK: 1,
  UNKNOWN_OBJECT: 2,
  TIMEOUT: 3,
  CANCELED: 4,
  PREEMPTED: 5,
  GUARDRAIL: 6,
  EMERGENCY_STOP: 7,
  STALE_INPUT: 8,
  NOT_ACTIVE: 9,
  NO_PLAN: 10,
  INTERNAL: 11,
} as const satisfies Record<TaskCode, number>;
