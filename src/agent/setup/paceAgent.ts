import type { AgentConfig } from "./AgentConfig.js";
import type { RobotConfig } from "../../config/index.js";
import type { Seconds } from "../../core/Seconds.js";

const PERIOD: Seconds = 0.05;
const LEAD: Seconds = 0.05;

/**
 * The agent at a rate that its arm's controller can take. A command that goes as an action's goal costs both sides a
 * service call, an object per point, and a line in the list of goals that the server sends at each change. At 100 Hz
 * that is more than either can do, at 20 Hz it is little. Every command is still one step and the fail-safe trajectory
 * after it, verified together; the steps are longer, and the arm reacts that much later.
 */
export function paceAgent(agent: AgentConfig, { controller }: RobotConfig): AgentConfig {
  if (controller.interface === "topic") return agent;
  const { period, lead } = agent.reflex;
  return { ...agent, reflex: { period: Math.max(period, PERIOD), lead: Math.max(lead, LEAD) } };
}
