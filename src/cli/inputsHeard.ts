import type { AgentStatus } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";

const WITHIN = 20_000; // ms

/**
 * Waits until the agent is active, hears the joints, and knows the objects that the task may name: by message, or by
 * having looked.
 * @throws Error where that takes longer than 20 s
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
    `the agent heard nothing of the simulator for ${WITHIN / 1000} s: mode ${status?.mode}, inputs ` +
      `${Object.keys(status?.inputs ?? {}).join(", ")}; telos doctor looks at the network between nodes`,
  );
}
