import type rclnodejs from "rclnodejs";

const MOST = 20; // messages at a time: the loop must come round to other things

/** What rclnodejs calls at each wake with the handles that are ready. */
interface Executed {
  execute(handles: readonly unknown[]): void;
}

const drained = new WeakMap<rclnodejs.Node, Map<rclnodejs.Subscription, () => number>>();

/**
 * Lets a node take all that waits for a subscription at each wake, and not one message: on a busy machine, where wakes
 * are rare, the queue would stay full and every message come late by its length. And a short queue would lose some.
 *
 * @param taken how many of the subscription's messages were taken so far
 * @returns what ends it, to be called before the subscription is destroyed
 */
export function drain(node: rclnodejs.Node, subscription: rclnodejs.Subscription, taken: () => number): () => void {
  const known = drained.get(node);
  const subscriptions = known ?? new Map<rclnodejs.Subscription, () => number>();
  subscriptions.set(subscription, taken);
  if (known === undefined) {
    drained.set(node, subscriptions);
    const executed = node as unknown as Executed;
    const once = executed.execute.bind(node);
    executed.execute = (handles) => {
      const before = [...subscriptions].map(([s, taken]) => ({
        handle: (s as unknown as { handle: unknown }).handle,
        taken,
        was: taken(),
      }));
      once(handles);
      for (const { handle, taken, was } of before)
        for (let n = 0, last = was; n < MOST && taken() > last; n++) ((last = taken()), once([handle]));
    };
  }
  return () => void subscriptions.delete(subscription);
}
