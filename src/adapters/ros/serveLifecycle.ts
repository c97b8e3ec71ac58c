import type rclnodejs from "rclnodejs";

/** A lifecycle service's request and its answer, as rclnodejs passes them. */
interface ChangeStateRequest {
  readonly transition: { readonly id: number; readonly label: string };
}
interface Replier {
  readonly template: Record<string, unknown>;
  send(response: Record<string, unknown>): void;
}
/**
 * What rclnodejs' State and TransitionDescription hold at run time; its typings know only `asMessage`, which does not
 * exist.
 */
interface Labelled {
  readonly id: number;
  readonly label: string;
}
export interface Described {
  readonly transition: Labelled;
  readonly startState: Labelled;
  readonly goalState: Labelled;
}

/** The node that is served; its transitions take time. */
interface Managed extends rclnodejs.lifecycle.LifecycleNode {
  readonly closed: boolean; // no request is answered any more
  /** @param wanted a transition's label or number. Resolves to whether it succeeded */
  change(wanted: string | number): Promise<boolean>;
  onEscape(error: Error): void;
}

/**
 * The five services of a lifecycle node. rclnodejs 2.2.0's own are not used: they list transitions without start and
 * goal states, and do not answer ~/get_transition_graph, so that `ros2 lifecycle list -a` waits for ever.
 */
export function serveLifecycle(node: Managed): void {
  const serve = (
    type: string,
    name: string,
    answer: (request: never, response: Replier) => void | Promise<void>,
  ): void => {
    node.createService(
      `lifecycle_msgs/srv/${type}` as never,
      `~/${name}`,
      ((request: never, response: Replier) => void answer(request, response)) as never,
    );
  };
  const reply = (response: Replier, fields: Record<string, unknown>): void =>
    response.send(Object.assign(response.template, fields));
  const plain = ({ id, label }: Labelled): Labelled => ({ id, label });
  const told = (transitions: readonly rclnodejs.lifecycle.TransitionDescription[]): object[] =>
    (transitions as unknown as Described[]).map((t) => ({
      transition: plain(t.transition),
      start_state: plain(t.startState),
      goal_state: plain(t.goalState),
    }));
  serve("GetState", "get_state", (_, response) =>
    reply(response, { current_state: plain(node.currentState as unknown as Labelled) }),
  );
  serve("GetAvailableStates", "get_available_states", (_, response) =>
    reply(response, { available_states: (node.availableStates as unknown as Labelled[]).map(plain) }),
  );
  serve("GetAvailableTransitions", "get_available_transitions", (_, response) =>
    reply(response, { available_transitions: told(node.availableTransitions) }),
  );
  serve("GetAvailableTransitions", "get_transition_graph", (_, response) =>
    reply(response, { available_transitions: told(node.transitions) }),
  );
  serve("ChangeState", "change_state", async ({ transition: { id, label } }: ChangeStateRequest, response) => {
    let success = false;
    try {
      success = await node.change(label === "" ? id : label);
    } catch (error) {
      node.onEscape(error as Error);
    }
    if (!node.closed) reply(response, { success });
  });
}
