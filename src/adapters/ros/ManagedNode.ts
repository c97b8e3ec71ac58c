import rclnodejs from "rclnodejs";
import { keepUp } from "./agent/keepUp.js";
import { serveLifecycle, type Described } from "./serveLifecycle.js";

export type TransitionName = "configure" | "cleanup" | "activate" | "deactivate" | "shutdown";

const SHUTDOWNS = [5, 6, 7]; // lifecycle_msgs/Transition: one for each state it may start from

/**
 * A lifecycle node that a client cannot break (`keepUp`), with lifecycle services of its own (`serveLifecycle`).
 * Transition callbacks are synchronous in rclnodejs 2.2.0 (a promise would be read as a return code), while our set-up
 * takes threads and may have to wait for a robot description. So a transition first awaits `prepare`, then runs, and
 * then the service answers. Transitions run one after another.
 */
export class ManagedNode extends rclnodejs.lifecycle.LifecycleNode {
  /**
   * Awaited before a transition runs. An error that it throws is not passed on: the transition's callback finds that
   * things are missing.
   */
  prepare: (transition: TransitionName) => Promise<void> = async () => {};
  /** Awaited after a transition that succeeded, before the answer. */
  conclude: (transition: TransitionName) => Promise<void> = async () => {};
  /** Called with every exception that a callback does not catch. */
  onEscape: (error: Error) => void = (error) => this.getLogger().error(`a callback failed: ${error.stack}`);
  /**
   * To be set before the node is destroyed: a transition in preparation is then dropped. Its handles must not be used
   * any more.
   */
  closed = false;
  /** Called when a shutdown is requested: ends the wait of a transition in preparation. */
  interrupt: () => void = () => {};
  private turn: Promise<unknown> = Promise.resolve();

  constructor(name: string, options?: rclnodejs.NodeOptions, context = rclnodejs.Context.defaultContext()) {
    super(name, "", context, options, false);
    serveLifecycle(this);
    keepUp(this, (error) => this.onEscape(error));
  }

  /** Resolves once no transition is running. */
  get settled(): Promise<unknown> {
    return this.turn;
  }

  /**
   * Runs a transition in its turn. Resolves to whether it succeeded; false if the present state does not offer it.
   */
  change(wanted: string | number): Promise<boolean> {
    if (isShutdown(wanted)) this.interrupt();
    const run = async (): Promise<boolean> => {
      const offered = (this.availableTransitions as unknown as Described[]).map((d) => d.transition);
      const isWanted = (t: Described["transition"]): boolean =>
        t.label === wanted || t.id === wanted || (t.label === "shutdown" && isShutdown(wanted));
      const label = offered.find(isWanted)?.label as TransitionName | undefined;
      if (label === undefined) {
        this.getLogger().warn(
          `transition ${wanted} is refused: ${this.state} offers ${offered.map((t) => t.label).join(", ")}`,
        );
        return false;
      }
      await this.prepare(label);
      if (this.closed) return false;
      const outcome = new rclnodejs.lifecycle.CallbackReturnValue();
      this[label](outcome);
      if (!outcome.isSuccess()) return false;
      await this.conclude(label);
      return true;
    };
    const result = this.turn.then(run);
    this.turn = result.catch(() => {});
    return result;
  }

  /** The label of the lifecycle state: unconfigured, inactive, active or finalized. */
  get state(): string {
    return (this.currentState as unknown as { label: string }).label;
  }
}

const isShutdown = (wanted: string | number): boolean => wanted === "shutdown" || SHUTDOWNS.includes(wanted as number);
