import { EpisodeLog } from "../memory/EpisodeLog.js";
import type { AgentSetup } from "./AgentSetup.js";

/** The log that an agent's configuration asks for; none where its folder is "". */
export async function openEpisodeLog({ agent, arm }: AgentSetup): Promise<EpisodeLog | undefined> {
  const { log, keep, megabytes } = agent.memory;
  return log === "" ? undefined : EpisodeLog.open({ folder: log, jointNames: arm.jointNames, limits: { keep, size: 1e6 * megabytes } });
}
