import type { JointLimits } from "../core/JointLimits.js";
import type { Seconds } from "../core/Seconds.js";

/** Joint states as they come: any order, extra joints allowed. */
interface Sample {
  readonly stamp: Seconds;
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>;
  readonly velocities: ArrayLike<number>;
}

const LONGEST = 256; // joints in one message
const FUTURE: Seconds = 0.02; // a stamp may be ahead of the clock: two hosts, or an estimate of simulated time
const JUMP_BACK: Seconds = 0.1;
const ABSURD = 10; // times the velocity limit: no arm, a broken number

/**
 * The rules by which a joint state enters (obligation G6). Sizes first; then names: each of the arm's joints exactly once, in any order;
 * then numbers: all finite, no joint further from the last state than its speed allows; then time: later than the last, not in the
 * future; an old one counts only where the agent's clock went back with it. What breaks a rule is refused with the reason, and the arm brakes by silence if nothing better comes.
 */
export class JointIngress {
  readonly q: Float64Array; // [nq] rad, of the last sample taken
  readonly v: Float64Array; // [nq] rad/s
  stamp: Seconds = -Infinity;
  private readonly index: Int32Array; // where each joint was found in the last message
  private names: readonly string[] = [];

  /** @param slack ε, rad: noise allowed beyond what speed explains */
  constructor(
    private readonly jointNames: readonly string[],
    private readonly limits: JointLimits,
    private readonly slack: number,
  ) {
    this.q = new Float64Array(jointNames.length);
    this.v = new Float64Array(jointNames.length);
    this.index = new Int32Array(jointNames.length);
  }

  /** Takes a sample into q, v and stamp. @returns why it was refused, "" if taken, "duplicate" for one already seen */
  take(sample: Sample, now: Seconds): string {
    const { names, positions, velocities, stamp } = sample;
    if (names.length > LONGEST) return `got ${names.length} joints, want at most ${LONGEST}`;
    if (positions.length !== names.length) return `got ${positions.length} positions for ${names.length} names`;
    if (velocities.length !== 0 && velocities.length !== names.length) return `got ${velocities.length} velocities for ${names.length} names`;
    const unnamed = this.find(names);
    if (unnamed !== "") return unnamed;
    if (!Number.isFinite(stamp)) return `got stamp ${stamp}`;
    if (stamp === this.stamp) return "duplicate";
    if (!(stamp <= now + FUTURE)) return `got a stamp ${(stamp - now).toFixed(3)} s ahead of the clock`;
    const restart = stamp < this.stamp - JUMP_BACK && now < this.stamp - 0.5 * JUMP_BACK; // both clocks went back; else it is a replay
    if (stamp < this.stamp && !restart) return `got a stamp ${(this.stamp - stamp).toFixed(3)} s older than the last`;
    const elapsed = restart || this.stamp === -Infinity ? Infinity : stamp - this.stamp;
    for (let j = 0; j < this.q.length; j++) {
      const x = positions[this.index[j]];
      const s = velocities.length > 0 ? velocities[this.index[j]] : 0;
      if (!Number.isFinite(x) || !Number.isFinite(s)) return `got ${x} rad, ${s} rad/s for ${this.jointNames[j]}, want finite numbers`;
      if (!(Math.abs(s) <= ABSURD * this.limits.velocity[j])) return `got ${this.jointNames[j]} at ${s} rad/s, want at most ${ABSURD * this.limits.velocity[j]} rad/s`;
      const most = this.limits.velocity[j] * elapsed * 1.5 + this.slack;
      if (!(Math.abs(x - this.q[j]) <= most)) return `got ${this.jointNames[j]} moved by ${Math.abs(x - this.q[j]).toFixed(3)} rad in ${elapsed.toFixed(3)} s, want at most ${most.toFixed(3)} rad`;
    }
    for (let j = 0; j < this.q.length; j++) {
      const x = positions[this.index[j]];
      this.v[j] = velocities.length > 0 ? velocities[this.index[j]] : elapsed < 1 ? (x - this.q[j]) / elapsed : 0;
      this.q[j] = x;
    }
    this.stamp = stamp;
    return restart ? "restart" : "";
  }

  /** Forgets the past, so that the next sample is taken from wherever the arm is. */
  reset(): void {
    this.stamp = -Infinity;
  }

  private find(names: readonly string[]): string {
    if (names.length === this.names.length && names.every((n, i) => n === this.names[i])) return "";
    this.names = [];
    if (new Set(names).size !== names.length) return "got a joint name twice";
    for (let j = 0; j < this.jointNames.length; j++) {
      const i = names.indexOf(this.jointNames[j]);
      if (i < 0) return `got no joint '${this.jointNames[j]}' among ${names.slice(0, 12).join(", ")}`;
      this.index[j] = i;
    }
    this.names = [...names];
    return "";
  }
}
