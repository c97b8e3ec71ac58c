import type { LevelConfig } from "./setup/AgentConfig.js";
import type { Seconds } from "../core/Seconds.js";

/** How long one search of a level may take: its deadline, or what leaves a fifth of its period. */
export const searchTime = ({ deadline, period }: LevelConfig): Seconds => deadline ?? 0.8 * period;
