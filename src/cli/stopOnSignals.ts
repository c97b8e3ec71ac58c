import type { AgentNode } from "../adapters/ros/agent/AgentNode.js";
import type { AgentEvent } from "../adapters/ros/agent/AgentNodeOptions.js";

const ONE_PRESS = 500; // ms

/** Prints an event of a node, one JSON object per line. */
export const printEvent = (event: AgentEvent): boolean => process.stdout.write(`${JSON.stringify(event)}\n`);

/**
 * The first SIGINT or SIGTERM brings the arm to rest and then ends the process. A second one ends it at once; the arm
 * then brakes on its fail-safe trajectory. Two signals within 0.5 s count as one press of Ctrl-C: the terminal sends it
 * to every process of the group, and a parent may forward its own.
 */
export function stopOnSignals(program: string, node: AgentNode): void {
  let first: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (first !== undefined && performance.now() - first < ONE_PRESS) return;
    if (first !== undefined) process.exit(signal === "SIGINT" ? 130 : 143);
    first = performance.now();
    node.stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`${program}: ${error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}
