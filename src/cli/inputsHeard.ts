import type { AgentStatus } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";

const WITHIN = 20_000; // ms

/**
 * Waits until the agent is active, receives joint states, and knows the objects that the task may name, from messages
 * or from an image.
 * @throws Error if that takes longer than 20 s
 */
export async function inputsHeard(
  statusNow: () => AgentStatus | undefined,
  { agent, learned }: AgentSetup,
): Promise<void> {
  const limit = performance.now() + WITHIN;
  while (performance.now() < limit) {
    const status = statusNow();
    if (
      status?.mode === "active" &&
      status.inputs.joint_states <= agent.perception.stale_after &&
      (learned === undefined ? "objects" in status.inputs : status.beliefs.length > 0)
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const status = statusNow();
  throw new Error(
    `the agent did not get its inputs from the simulator within ${WITHIN / 1000} s: mode ${status?.mode}, inputs ` +
      `${Object.keys(status?.inputs ?? {}).join(", ")}; telos doctor checks the network between nodes`,
  );
}
