/** What we ask of the ROS graph. */
export interface RosGraph {
  getNodeNames(): string[];
  countPublishers(topic: string): number;
  countSubscribers(topic: string): number;
}

/**
 * Who else is in the ROS domain and would be disturbed by a simulation or would disturb it: another agent or simulator, or a robot of any kind.
 * Asked before our own simulator joins, once discovery has had its time.
 *
 * @param own how many of our own nodes listen to the topic already
 * @returns what to tell the user, "" where the domain is free
 */
export function foreignNodes(graph: RosGraph, trajectoryTopic: string, domain: string, own = 0): string {
  const found: string[] = [];
  if (graph.getNodeNames().includes("telos_sim")) found.push("another telos_sim runs here");
  if (graph.countPublishers(trajectoryTopic) > 0) found.push(`somebody commands an arm on ${trajectoryTopic}`); // our own agent does so only once it hears joints
  if (found.length === 0 && graph.countPublishers("/clock") > 0) found.push("somebody publishes /clock");
  if (found.length === 0 && graph.countPublishers("/joint_states") > 0) found.push("somebody publishes /joint_states");
  if (found.length === 0 && graph.countSubscribers(trajectoryTopic) > own) found.push(`somebody listens to ${trajectoryTopic}`);
  if (found.length === 0) return "";
  return `ROS domain ${domain} is taken: ${found.join(" and ")}, and two arms on the same topics would fight. End the other one (a run that was killed may need a moment), or take another domain: telos run --domain ${(Number(domain) + 1) % 100}`;
}
