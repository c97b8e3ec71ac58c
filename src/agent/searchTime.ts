import type { LevelConfig } from "./setup/AgentConfig.js";
import type { Seconds } from "../core/Seconds.js";

/** Time limit of one search of a level: its deadline, or four fifths of its period. */
export const searchTime = ({ deadline, period }: LevelConfig): Seconds => deadline ?? 0.8 * period;
