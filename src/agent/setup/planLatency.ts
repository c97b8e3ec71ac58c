import type { Seconds } from "../../core/Seconds.js";
import type { AgentConfig } from "./AgentConfig.js";

/**
 * The longest that a plan waits before the arm moves by it: until the reflex's next tick, and by how much its commands
 * are sent ahead.
 */
export function planLatency({ period, lead }: AgentConfig["reflex"]): Seconds {
  return period + lead;
}
