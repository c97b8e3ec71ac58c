import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";

/** Why no task may go on that would not be remembered, where the agent's file says so; "" if it may. */
export const logTrouble = ({ agent }: AgentSetup, log: EpisodeLog | undefined): string =>
  agent.memory.unlogged === "stop" ? (log?.trouble ?? "") : "";
