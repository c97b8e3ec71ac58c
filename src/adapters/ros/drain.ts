import type rclnodejs from "rclnodejs";

const MOST = 20; // messages at a time: the loop must get to other work

/** What rclnodejs calls at each wake, with the ready handles. */
interface Executed {
  execute(handles: readonly unknown[]): void;
}

const drained = new WeakMap<rclnodejs.Node, Map<rclnodejs.Subscription, () => number>>();

/**
 * Makes a node take all waiting messages of a subscription at each wake, instead of one. On a busy machine, where wakes
 * are rare, the queue would stay full and every message come late by its length. A short queue would lose some.
 *
 * @param taken number of the subscription's messages taken so far
 * @returns a function that ends this, to be called before the subscription is destroyed
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
