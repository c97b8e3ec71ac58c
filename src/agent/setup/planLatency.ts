import type { Seconds } from "../../core/Seconds.js";
import type { AgentConfig } from "./AgentConfig.js";

/**
 * The longest time until the arm follows a new plan: until the reflex's next tick, and the time that its commands are
 * sent ahead.
 */
export function planLatency({ period, lead }: AgentConfig["reflex"]): Seconds {
  return period + lead;
}
