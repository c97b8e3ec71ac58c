import rclnodejs from "rclnodejs";

const NAME = "use_sim_time";

/**
 * Gives `use_sim_time`, which rclnodejs declares within a node's constructor, its description, and makes it read-only:
 * it is read when the node starts.
 */
export function describeSimTime(node: rclnodejs.Node, description: string): void {
  const { value } = node.getParameter(NAME),
    type = rclnodejs.ParameterType.PARAMETER_BOOL;
  node.undeclareParameter(NAME);
  node.declareParameter(
    new rclnodejs.Parameter(NAME, type, value),
    new rclnodejs.ParameterDescriptor(NAME, type, description, true),
  );
}
