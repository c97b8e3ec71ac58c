import type { AgentSetup } from "../agent/setup/AgentSetup.js";

/** Whether a level plans from what the camera shows: it is told of each image, and of the plan that the arm follows. */
export const sees = ({ agent }: AgentSetup, index: number): boolean => agent.levels[index].learned !== undefined;
