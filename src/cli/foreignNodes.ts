/** What we ask of the ROS graph. */
export interface RosGraph {
  getNodeNames(): string[];
  countPublishers(topic: string): number;
  countSubscribers(topic: string): number;
}

/** How many of each are our own. */
export interface OwnNodes {
  /** 0 or 1: our simulator, which is `telos_sim`, and speaks on `/clock` and `/joint_states` */
  readonly simulators: number;
  readonly commanders: number;
  /** who listens to commands, the simulator not counted; undefined where it is not known */
  readonly listeners?: number;
}

/**
 * Who else is in the ROS domain and would be disturbed by a simulation or would disturb it: another agent or simulator,
 * or a robot of any kind. Asked before our own simulator joins, once discovery has had its time, and again before the
 * first task: on a busy machine discovery is late.
 *
 * @returns what to tell the user, "" where the domain is free
 */
export function foreignNodes(graph: RosGraph, trajectoryTopic: string, domain: string, own: OwnNodes): string {
  const found: string[] = [];
  if (graph.getNodeNames().filter((name) => name === "telos_sim").length > own.simulators)
    found.push("another telos_sim runs here");
  if (graph.countPublishers(trajectoryTopic) > own.commanders)
    found.push(`somebody commands an arm on ${trajectoryTopic}`);
  if (found.length === 0 && graph.countPublishers("/clock") > own.simulators) found.push("somebody publishes /clock");
  if (found.length === 0 && graph.countPublishers("/joint_states") > own.simulators)
    found.push("somebody publishes /joint_states");
  if (found.length === 0 && own.listeners !== undefined && graph.countSubscribers(trajectoryTopic) > own.listeners)
    found.push(`somebody listens to ${trajectoryTopic}`);
  if (found.length === 0) return "";
  return (
    `ROS domain ${domain} is taken: ${found.join(" and ")}, and two arms on the same topics would fight. End ` +
    "the other one (a run that was killed may need a moment), or take another domain: telos run --domain " +
    `${(Number(domain) + 1) % 100}`
  );
}
