import type { Command } from "../core/Command.js";
import { sampleCommand } from "../core/commands/sampleCommand.js";
import type { Seconds } from "../core/Seconds.js";
import type { CommandedKnot } from "./RequestedVelocity.js";
import type { MeasuredArm } from "./MeasuredArm.js";
import type { SentCommands } from "./SentCommands.js";
import type { Commanded } from "./startState.js";

/** State commanded for the instant of a tick. The next command begins there, and so does the next plan. */
export class CommandedState implements CommandedKnot {
  readonly q: Float64Array; // [nq] rad
  readonly v: Float64Array; // [nq] rad/s
  readonly a: Float64Array; // [nq] rad/s²
  readonly told: { -readonly [F in keyof Commanded]: Commanded[F] };
  anchored = false; // whether q, v is a state to begin from
  // the arm is where it is measured: nothing was sent since activation, reset or the beginning of the task
  trusting = true;

  constructor(
    nq: number,
    private readonly sent: SentCommands,
    private readonly measured: MeasuredArm,
  ) {
    this.q = new Float64Array(nq);
    this.v = new Float64Array(nq);
    this.a = new Float64Array(nq);
    this.told = { stamp: -Infinity, following: false, q: new Float64Array(nq), v: new Float64Array(nq) };
  }

  /**
   * Fills the state commanded for `stamp`. If nothing was commanded since activation, this is the measured state, once
   * the arm was seen at rest. If an arm at rest is found elsewhere while we are in charge, somebody moved it or its
   * sensors are wrong: a command that began there would make the controller jump.
   * @param inCharge whether nobody else may move the arm
   */
  anchor(stamp: Seconds, inCharge: boolean): void {
    const { sent, measured } = this,
      { last } = sent;
    this.told.stamp = stamp;
    this.anchored = last !== undefined;
    if (last !== undefined) sampleCommand(this.q, this.v, last, stamp, this.a);
    if (measured.last === undefined || measured.doubtful || !sent.idle(stamp)) return;
    const room = last === undefined || sent.misdated ? -Infinity : measured.roomTo(this.q);
    const astray = !(room >= 0);
    if (last === undefined || this.trusting || !inCharge) {
      // a rest before the joints have followed what was sent does not count
      this.anchored = measured.rests();
      if (astray) this.q.set(measured.last.q);
      if (astray && this.anchored) sent.clear();
      if (this.anchored) sent.misdated = false;
    } else if (astray) measured.found(room);
    this.v.fill(0);
    this.a.fill(0);
  }

  /**
   * Fills `told` for a command that leaves now, or for the last one. If no plan is followed, v is the velocity from
   * which hardest braking ends where the fail-safe trajectory ends.
   */
  tell(command: Command | undefined, acceleration: Float64Array): void {
    const { told, q, v } = this;
    told.q.set(q);
    told.v.set(v);
    if (told.following || command === undefined) return;
    for (let j = 0, end = (command.N - 1) * q.length; j < q.length; j++) {
      const way = command.q[end + j] - q[j];
      told.v[j] = Math.sign(way) * Math.sqrt(2 * acceleration[j] * Math.abs(way));
    }
  }
}
