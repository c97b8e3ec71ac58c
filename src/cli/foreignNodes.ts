/** The queries to the ROS graph that are needed here. */
export interface RosGraph {
  getNodeNames(): string[];
  countPublishers(topic: string): number;
  countSubscribers(topic: string): number;
}

/** How many nodes of each kind are our own. */
export interface OwnNodes {
  /** 0 or 1: our simulator, which is `telos_sim`, and publishes `/clock` and `/joint_states` */
  readonly simulators: number;
  readonly commanders: number;
  /** subscribers of commands other than the simulator; undefined if unknown */
  readonly listeners?: number;
}

/**
 * Finds other nodes in the ROS domain that would conflict with a simulation: another agent or simulator, or the nodes
 * of any robot. It is called after discovery, before our own simulator joins, and again before the first task, because
 * discovery is late on a busy machine.
 *
 * @returns the message for the user, "" if the domain is free
 */
export function foreignNodes(graph: RosGraph, trajectoryTopic: string, domain: string, own: OwnNodes): string {
  const found: string[] = [];
  if (graph.getNodeNames().filter((name) => name === "telos_sim").length > own.simulators)
    found.push("another telos_sim is running");
  if (graph.countPublishers(trajectoryTopic) > own.commanders)
    found.push(`another node commands an arm on ${trajectoryTopic}`);
  if (found.length === 0 && graph.countPublishers("/clock") > own.simulators) found.push("a node publishes /clock");
  if (found.length === 0 && graph.countPublishers("/joint_states") > own.simulators)
    found.push("a node publishes /joint_states");
  if (found.length === 0 && own.listeners !== undefined && graph.countSubscribers(trajectoryTopic) > own.listeners)
    found.push(`another node subscribes to ${trajectoryTopic}`);
  if (found.length === 0) return "";
  return (
    `ROS domain ${domain} is in use: ${found.join(" and ")}, and two arms on the same topics would conflict. End ` +
    "the other one (a killed run may need a moment), or use another domain: telos run --domain " +
    `${(Number(domain) + 1) % 100}`
  );
}
