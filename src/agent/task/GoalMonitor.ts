import type { Seconds } from "../../core/Seconds.js";
import type { State } from "../../core/State.js";
import { UnknownObjectError, worstBlock, type KnotView, type Residual } from "../../cost/index.js";
import { Kinematics, type Arm } from "../../kinematics/index.js";

/** Whether the goals hold in the measured world, and for how long. */
export class GoalMonitor {
  error = Infinity; // the largest block norm of all goals: they hold if and only if it is ≤ 1
  private since: Seconds | undefined;
  private first: number | undefined;
  private readonly kinematics: Kinematics;
  private readonly x: KnotView;
  private readonly residuals: readonly { residual: Residual; r: Float64Array }[];

  constructor(
    arm: Arm,
    goals: readonly Residual[],
    private readonly hold: Seconds,
  ) {
    this.kinematics = new Kinematics(arm);
    this.residuals = goals.map((residual) => ({ residual, r: new Float64Array(residual.dim) }));
    this.x = {
      q: arm.home,
      v: arm.home,
      iq: 0,
      tool: this.kinematics.tool,
      it: 0,
      J: new Float64Array(6 * arm.nq),
      from: undefined as unknown as State,
    };
  }

  /** Evaluates a measured state. @returns true once all goals have held for the hold time */
  update(state: State): boolean {
    this.error = this.look(state);
    if (Number.isFinite(this.error)) this.first ??= this.error;
    if (!(this.error <= 1)) this.since = undefined;
    else if (!(this.since! <= state.stamp)) this.since = state.stamp; // also if the clock went back
    return this.holding(state.stamp) >= this.hold;
  }

  /** For how long the goals have held, by the states evaluated; negative if they do not. */
  holding(now: Seconds): Seconds {
    return this.since === undefined ? -1 : now - this.since;
  }

  /**
   * The largest block norm of all goals in a state, measured or not: they hold if and only if it is ≤ 1. NaN, for which
   * they never hold, if one has no value.
   */
  look(state: State): number {
    const { x, kinematics } = this;
    kinematics.forward(state.q, 0);
    x.q = state.q;
    x.v = state.v;
    x.from = state;
    let worst = 0;
    // of a number and none it is none
    for (const { residual, r } of this.residuals) worst = Math.max(worst, this.measure(residual, r));
    return worst;
  }

  /** The largest block norm of a goal; infinite if it names an object that was never seen. */
  private measure(residual: Residual, r: Float64Array): number {
    try {
      residual.evaluate(this.x, r);
    } catch (error) {
      if (error instanceof UnknownObjectError) return Infinity;
      throw error;
    }
    return worstBlock(residual.blocks, r);
  }

  /** Share of the way from the first error down to done, 0 … 1. */
  get progress(): number {
    const { first, error } = this;
    if (error <= 1) return 1;
    return first === undefined || !(first > 1 && error < first) ? 0 : (first - error) / (first - 1);
  }

  /** Missing tolerances: 0 if and only if the goals hold, or if their objects were never seen. */
  get energy(): number {
    const { error } = this;
    return Number.isFinite(error) ? Math.max(0, error - 1) : 0;
  }
}
