/**
 * `telos/agent`: the whole agent in one thread: perception, planner, guardrails, reflex.
 *
 * ```ts
 * const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });
 * const agent = await Agent.create(setup, robot, taskFor(setup, "around_wall"), 1); // robot: what `send` moves
 * const done = await agent.step(observation, now);
 * ```
 * Run: examples/06_the_agent_in_a_loop
 */
export { Agent } from "../agent/Agent.js";
export { loadSetup, type AgentSetup, type SetupChoice } from "../agent/setup/AgentSetup.js";
export { taskFor } from "./taskFor.js";
export type { TaskSpec } from "../cost/bind.js";
export type { Command } from "../core/Command.js";
export type { Observation } from "../core/Observation.js";
export type { Robot } from "../core/Robot.js";
