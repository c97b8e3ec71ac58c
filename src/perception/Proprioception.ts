import type { Command } from "../core/Command.js";
import { perJoint } from "../core/math/perJoint.js";
import { sampleCommand } from "../core/commands/sampleCommand.js";
import type { InHand } from "../core/InHand.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";

const HISTORY = 64; // commands: measurements show what was sent some time ago
const MEMORY: Seconds = 0.2; // over which surprise is averaged

/**
 * Proprioception: the state of the arm from joint measurements, and its distance from what the sent commands let
 * expect,
 *
 *     surprise = ⟨ √(1/n Σ_j ((q_j − q̂_j)/ε_j)²) ⟩   averaged over the last 0.2 s; ε_j the declared tracking error
 *
 * so 0 is an arm that follows its commands, and 1 one that is on average as far off as the declared tracking error.
 */
export class Proprioception {
  surprise = 0;
  readonly deviation: Float64Array; // [nq] rad, q − q̂ of the last measurement; 0 without a command
  private stamp: Seconds = -Infinity;
  private readonly q: Float64Array; // [nq] rad
  private readonly v: Float64Array; // [nq] rad/s
  private readonly expected: Float64Array; // [nq] rad
  private readonly scratch: Float64Array; // [nq]
  private readonly tolerance: Float64Array; // [nq] ε
  private readonly sent: Command[] = []; // newest last

  constructor(
    nq: number,
    tolerance: number | ArrayLike<number>, // ε of all joints or of each [nq], rad (m if prismatic)
    private readonly delay: Seconds = 0, // of the servo: measurements follow commands by this time
  ) {
    this.tolerance = perJoint(tolerance, nq);
    this.q = new Float64Array(nq);
    this.v = new Float64Array(nq);
    this.deviation = new Float64Array(nq);
    this.expected = new Float64Array(nq);
    this.scratch = new Float64Array(nq);
  }

  /**
   * Takes a sent command: from its stamp on the arm is expected to follow it. The caller may reuse its arrays.
   */
  expect(command: Command): void {
    this.sent.push({ ...command, q: command.q.slice(), v: command.v.slice() });
    if (this.sent.length > HISTORY) this.sent.shift();
  }

  /** Takes a measurement. If time jumps back, all sent commands are dropped. */
  observe(stamp: Seconds, q: Float64Array, v: Float64Array): void {
    const elapsed = stamp - this.stamp;
    if (!(elapsed >= 0)) this.sent.length = 0;
    this.stamp = stamp;
    this.q.set(q);
    this.v.set(v);
    const share = elapsed > 0 && elapsed < MEMORY ? elapsed / MEMORY : 1;
    this.surprise += share * (this.compare(stamp) - this.surprise);
  }

  /** The state of the world: the arm as measured last, the rest from memory. */
  state(memory: {
    readonly objectsById: State["objects"];
    readonly bodies: State["bodies"];
    readonly inHand?: InHand;
  }): State {
    return {
      stamp: this.stamp,
      q: this.q,
      v: this.v,
      objects: memory.objectsById,
      bodies: memory.bodies,
      ...memory.inHand,
    };
  }

  private compare(stamp: Seconds): number {
    const { q, expected, deviation } = this;
    const then = stamp - this.delay,
      command = this.sent.findLast((c) => c.stamp <= then);
    if (command === undefined) {
      deviation.fill(0);
      return 0;
    }
    sampleCommand(expected, this.scratch, command, then);
    let square = 0;
    for (let j = 0; j < q.length; j++) square += ((deviation[j] = q[j] - expected[j]) / this.tolerance[j]) ** 2;
    return Math.sqrt(square / this.q.length);
  }
}
