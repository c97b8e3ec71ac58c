import type rclnodejs from "rclnodejs";

const MOST = 20; // messages at a time: the loop must come round to other things

/** What rclnodejs calls at each wake with the handles that are ready. */
interface Executed {
  execute(handles: readonly unknown[]): void;
}

/**
 * Lets a node take all that waits for a subscription at each wake, and not one message: on a busy machine, where wakes are rare, the queue would stay full
 * and every message come late by its length. And a short queue would lose some.
 *
 * @param taken how many of the subscription's messages were taken so far
 */
export function drain(node: rclnodejs.Node, subscription: rclnodejs.Subscription, taken: () => number): void {
  const { handle } = subscription as unknown as { handle: unknown };
  const executed = node as unknown as Executed;
  const once = executed.execute.bind(node);
  executed.execute = (handles) => {
    let before = taken();
    once(handles);
    for (let n = 0; n < MOST && taken() > before; n++) {
      before = taken();
      once([handle]);
    }
  };
}
