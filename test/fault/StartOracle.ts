import type { Command } from "../../src/core/Command.js";
import type { Simulation } from "../../src/sim/physics/Simulation.js";

/** What a checker needs to know of the arm. */
export interface Bounds {
  readonly error: number; // rad, declared tracking error E
  readonly acceleration: Float64Array; // [nq] rad/s²
}

/**
 * Holds every command against the simulator's own joints at the instant when it begins: it may not begin farther from
 * them than the tracking error E, nor faster or slower by more than an arm makes good within E at its acceleration,
 * √(2AE). One that another took the place of before it began has never begun.
 */
export class StartOracle {
  readonly violations: string[] = [];
  begun = 0;
  farthest = 0; // rad
  private waiting: { readonly stamp: number; readonly q: Float64Array; readonly v: Float64Array }[] = [];
  private before: { readonly t: number; readonly q: Float64Array; readonly v: Float64Array };

  constructor(
    private readonly simulation: Simulation,
    private readonly bounds: Bounds,
  ) {
    this.before = this.now();
    const step = simulation.step.bind(simulation);
    simulation.step = (dt) => {
      step(dt);
      this.look();
    };
  }

  /** A command that has come to the controller. */
  sent({ stamp, nq, q, v }: Command): void {
    const begins = Math.max(stamp, this.simulation.time);
    this.waiting = this.waiting.filter((w) => w.stamp < begins);
    this.waiting.push({ stamp: begins, q: q.slice(0, nq), v: v.slice(0, nq) });
  }

  private look(): void {
    const { before, simulation, bounds } = this,
      after = this.now();
    for (let first = this.waiting[0]; first !== undefined && first.stamp <= simulation.time; first = this.waiting[0]) {
      this.waiting.shift();
      this.begun++;
      const s = Math.max(0, (first.stamp - before.t) / (after.t - before.t));
      first.q.forEach((q, j) => {
        const off = Math.abs(q - before.q[j] - s * (after.q[j] - before.q[j]));
        const slip = Math.abs(first.v[j] - before.v[j] - s * (after.v[j] - before.v[j]));
        this.farthest = Math.max(this.farthest, off);
        if (!(off <= bounds.error)) this.tell(`a command begins ${off.toFixed(3)} rad from joint ${j + 1}`);
        if (!(slip <= Math.sqrt(2 * bounds.acceleration[j] * bounds.error)))
          this.tell(`a command begins ${slip.toFixed(2)} rad/s off joint ${j + 1}`);
      });
    }
    this.before = after;
  }

  private now(): { t: number; q: Float64Array; v: Float64Array } {
    const { time, q, v } = this.simulation;
    return { t: time, q: q.slice(), v: v.slice() };
  }

  private tell(what: string): void {
    if (this.violations.length < 3) this.violations.push(`${what} at ${this.simulation.time.toFixed(2)} s`);
  }
}
