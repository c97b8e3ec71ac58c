import type rclnodejs from "rclnodejs";

interface Inner {
  execute(handles: unknown): void;
  _validateParameters(
    parameters: readonly rclnodejs.Parameter[],
    declaring: boolean,
  ): { successful: boolean; reason: string | null };
}

/**
 * Keeps a node running whatever a client asks. Two fixes for rclnodejs 2.2.0:
 * - a throw in any callback (an unknown transition, an undeclared parameter) would end the process: it is passed to
 *   `onEscape`;
 * - the reason why a parameter is refused is returned.
 */
export function keepUp(node: rclnodejs.Node, onEscape: (error: Error) => void): void {
  const inner = node as unknown as Inner,
    execute = inner.execute.bind(node),
    validate = inner._validateParameters.bind(node);
  inner.execute = (handles) => {
    try {
      execute(handles);
    } catch (error) {
      onEscape(error as Error);
    }
  };
  inner._validateParameters = (parameters, declaring) => {
    const result = validate(parameters, declaring);
    const stranger = declaring ? undefined : parameters.find((p) => !node.hasParameter(p.name));
    if (stranger !== undefined)
      return { successful: false, reason: `parameter ${stranger.name} has not been declared` };
    const refused = result.successful
      ? undefined
      : parameters.find((p) => !node.getParameterDescriptor(p.name)!.readOnly);
    if (refused === undefined) return result;
    try {
      node.getParameterDescriptor(refused.name)!.validateParameter(refused);
      return result;
    } catch (error) {
      return { successful: false, reason: `parameter ${refused.name}: ${(error as Error).message}` };
    }
  };
}
