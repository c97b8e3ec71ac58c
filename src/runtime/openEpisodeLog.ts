import { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";

/**
 * The log that an agent's configuration asks for; undefined if its folder is "". The environment variable TELOS_RUNS
 * sets another folder (tests).
 */
export async function openEpisodeLog({ agent, arm }: AgentSetup): Promise<EpisodeLog | undefined> {
  const { log, keep, megabytes } = agent.memory;
  const folder = process.env.TELOS_RUNS ?? log;
  return folder === ""
    ? undefined
    : EpisodeLog.open({ folder, jointNames: arm.jointNames, limits: { keep, size: 1e6 * megabytes } });
}
