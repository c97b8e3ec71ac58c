import rclnodejs from "rclnodejs";

/** A lifecycle service's request and the answer to it, as rclnodejs hands them over. */
interface ChangeStateRequest {
  readonly transition: { readonly id: number; readonly label: string };
}
interface ChangeStateResponse {
  readonly template: { success: boolean };
  send(response: { success: boolean }): void;
}
/** What a TransitionDescription holds at run time; its typings know only `asMessage`, which does not exist. */
interface Described {
  readonly transition: { readonly id: number; readonly label: string };
}

export type TransitionName = "configure" | "cleanup" | "activate" | "deactivate" | "shutdown";

const SHUTDOWNS = [5, 6, 7]; // lifecycle_msgs/Transition: one for each state it may start from

/**
 * A lifecycle node that a client cannot break. Three mends of rclnodejs 2.2.0's, all at its edges:
 * - a throw in any callback (a transition that does not exist here, a parameter never declared) would end the process: it is caught and reported;
 * - transition callbacks are synchronous there (a promise would be read as a return code), while our set-up takes threads and may have to wait for a
 *   robot description. So a transition first awaits `prepare`, and only then runs; the service answers when it is through. Transitions take turns;
 * - the reason why a parameter is refused is told.
 */
export class ManagedNode extends rclnodejs.lifecycle.LifecycleNode {
  /** Awaited before a transition runs. What it throws is its own affair: the transition's callback finds out that things are missing. */
  prepare: (transition: TransitionName) => Promise<void> = async () => {};
  /** Awaited after a transition that succeeded, before it is answered. */
  conclude: (transition: TransitionName) => Promise<void> = async () => {};
  /** Told of every exception that a callback let escape. */
  onEscape: (error: Error) => void = (error) => this.getLogger().error(`a callback failed: ${error.stack}`);
  /** To be set before the node is destroyed: a transition still in preparation then comes to nothing. Its handles must not be touched any more. */
  closed = false;
  private turn: Promise<unknown> = Promise.resolve();

  /** Runs a transition in its turn. Resolves to whether it succeeded; one that the present state does not offer does not. */
  change(wanted: TransitionName | number): Promise<boolean> {
    const run = async (): Promise<boolean> => {
      const offered = (this.availableTransitions as unknown as Described[]).map((d) => d.transition);
      const isWanted = (t: Described["transition"]): boolean => t.label === wanted || t.id === wanted || (t.label === "shutdown" && SHUTDOWNS.includes(wanted as number));
      const label = offered.find(isWanted)?.label as TransitionName | undefined;
      if (label === undefined) {
        this.getLogger().warn(`transition ${wanted} is refused: ${this.state} offers ${offered.map((t) => t.label).join(", ")}`);
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

  protected async _onChangeState(request: ChangeStateRequest, response: ChangeStateResponse): Promise<void> {
    const { label, id } = request.transition;
    const answer = response.template;
    try {
      answer.success = await this.change(label === "" ? id : (label as TransitionName));
    } catch (error) {
      answer.success = false;
      this.onEscape(error as Error);
    }
    response.send(answer);
  }

  protected execute(handles: unknown): void {
    try {
      (rclnodejs.lifecycle.LifecycleNode.prototype as unknown as { execute(handles: unknown): void }).execute.call(this, handles);
    } catch (error) {
      this.onEscape(error as Error);
    }
  }

  protected _validateParameters(parameters: readonly rclnodejs.Parameter[], declaring: boolean): { successful: boolean; reason: string | null } {
    const base = rclnodejs.lifecycle.LifecycleNode.prototype as unknown as { _validateParameters: ManagedNode["_validateParameters"] };
    const result = base._validateParameters.call(this, parameters, declaring);
    const stranger = declaring ? undefined : parameters.find((p) => !this.hasParameter(p.name));
    if (stranger !== undefined) return { successful: false, reason: `parameter ${stranger.name} has not been declared` };
    const refused = result.successful ? undefined : parameters.find((p) => !this.getParameterDescriptor(p.name)!.readOnly);
    if (refused === undefined) return result;
    try {
      this.getParameterDescriptor(refused.name)!.validateParameter(refused);
      return result;
    } catch (error) {
      return { successful: false, reason: `parameter ${refused.name}: ${(error as Error).message}` };
    }
  }
}
