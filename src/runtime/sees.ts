import type { AgentSetup } from "../agent/setup/AgentSetup.js";

/** Whether a level plans from camera images: it gets each image, and the plan that the arm follows. */
export const sees = ({ agent }: AgentSetup, index: number): boolean => agent.levels[index].learned !== undefined;
