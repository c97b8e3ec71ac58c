import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";

/** Why no task may go on because it could not be recorded, if the agent's file asks for that; "" if it may. */
export const logTrouble = ({ agent }: AgentSetup, log: EpisodeLog | undefined): string =>
  agent.memory.unlogged === "stop" ? (log?.trouble ?? "") : "";
