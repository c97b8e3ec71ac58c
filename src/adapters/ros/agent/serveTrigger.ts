import type { AgentPort, Outcome } from "../../../agent/AgentPort.js";
import type { ManagedNode } from "../ManagedNode.js";

/**
 * A Trigger service of the node; the answer is the outcome.
 * @param port of the agent, while the node is configured
 */
export function serveTrigger(
  node: ManagedNode,
  name: string,
  port: () => AgentPort | undefined,
  act: (port: AgentPort) => Promise<Outcome>,
): void {
  // oxlint-disable-next-line typescript/no-misused-promises -- what it throws ends the process, as any fault does
  node.createService("std_srvs/srv/Trigger", name, async (_request, response) => {
    const agent = port();
    const { ok, message } =
      agent === undefined ? { ok: false, message: `the node is ${node.state}: configure it first` } : await act(agent);
    if (node.closed) return;
    node.getLogger().warn(`${name.slice(2)}: ${ok ? "done" : "refused"}${message && `: ${message}`}`);
    response.send({ success: ok, message });
  });
}
