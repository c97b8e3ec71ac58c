import type { JointLimits } from "../../core/JointLimits.js";
import { perJoint } from "../../core/math/perJoint.js";
import { nearestTurn } from "../../core/math/nearestTurn.js";
import type { Seconds } from "../../core/Seconds.js";
import { guessUnit } from "./guessUnit.js";

/** Joint states as they come: any order, extra joints allowed. */
interface Sample {
  readonly stamp: Seconds;
  readonly names: readonly string[];
  readonly positions: ArrayLike<number>;
  readonly velocities: ArrayLike<number>; // empty, or one for each name; NaN: not given
}

const LONGEST = 256; // joints in one message
const FUTURE: Seconds = 0.02; // a stamp may be ahead of the clock: two hosts, or an estimate of simulated time
const JUMP_BACK: Seconds = 0.1;
const ABSURD = 10; // times the velocity limit: no arm does that, the number is wrong
const MEAN: Seconds = 0.03; // a velocity that is not given is the mean over this time
const UNSEEN = Math.PI; // rad; motion that silence explains at most, however long: never a whole turn

/** What counts as a position of each joint. */
export interface JointRange {
  readonly lo: Float64Array; // [nq] rad, the robot's own limits
  readonly hi: Float64Array; // [nq] rad
  // rad (m if prismatic), of all or of each [nq]; a joint may be found this far beyond them
  readonly margin: number | ArrayLike<number>;
  readonly slides?: readonly boolean[]; // [nq] a prismatic joint, in m; absent: none
  readonly endless: readonly boolean[]; // [nq] its angle is given modulo a turn
}

/**
 * The rules by which a joint state enters (obligation G6). Sizes come first. Names: each of the arm's joints exactly
 * once, in any order. Numbers: positions finite, no joint further from the last state than its speed allows, none
 * farther beyond its limits than the margin. Time: later than the last, not in the future; an old stamp counts only if
 * the agent's clock went back with it. What breaks a rule is refused with the reason, and the arm brakes by silence if
 * nothing better comes. A message with none of the arm's joints belongs to another device, such as a gripper, and is
 * ignored. A velocity of NaN was not given (joint_state_broadcaster does so for a joint without that interface): it is
 * computed from the positions.
 *
 * The angle x of an endless joint is given modulo a turn. It is read at the turn nearest to the last one accepted,
 * x + 2πk with k = round((q − x)/2π), and the first one as it is: at rest the controller holds what the driver reports.
 */
export class JointIngress {
  readonly q: Float64Array; // [nq] rad, of the last sample taken
  readonly v: Float64Array; // [nq] rad/s
  stamp: Seconds = -Infinity;
  private readonly index: Int32Array; // index of each joint in the last message
  private names: readonly string[] = [];
  private anew = true; // the next sample counts as a first one
  // accepted ones, oldest first: all but the first within MEAN
  private readonly past: { readonly stamp: Seconds; readonly q: Float64Array }[] = [];
  private readonly found: Float64Array; // [nq] rad, of the sample being checked
  private readonly margin: Float64Array; // [nq]

  /** @param slack ε, rad: noise allowed beyond what speed explains */
  constructor(
    private readonly jointNames: readonly string[],
    private readonly limits: JointLimits,
    private readonly slack: number,
    private readonly range: JointRange,
  ) {
    this.q = new Float64Array(jointNames.length);
    this.v = new Float64Array(jointNames.length);
    this.found = new Float64Array(jointNames.length);
    this.index = new Int32Array(jointNames.length);
    this.margin = perJoint(range.margin, jointNames.length);
  }

  /**
   * Checks a sample and stores it in q, v and stamp.
   * @returns why it was refused, "" if accepted, "duplicate" for one already seen, "stranger" for another device's
   */
  take(sample: Sample, now: Seconds): string {
    const { names, positions, velocities, stamp } = sample;
    if (names.length > LONGEST) return `got ${names.length} joints, want at most ${LONGEST}`;
    if (!names.some((name) => this.jointNames.includes(name))) return "stranger";
    if (positions.length !== names.length) return `got ${positions.length} positions for ${names.length} names`;
    if (velocities.length !== 0 && velocities.length !== names.length)
      return `got ${velocities.length} velocities for ${names.length} names`;
    const unnamed = this.find(names);
    if (unnamed !== "") return unnamed;
    if (!Number.isFinite(stamp)) return `got stamp ${stamp}`;
    if (stamp === this.stamp) return "duplicate";
    if (!(stamp <= now + FUTURE)) return `got a stamp ${(stamp - now).toFixed(3)} s ahead of the clock`;
    // both clocks went back; else it is a replay
    const restart = stamp < this.stamp - JUMP_BACK && now < this.stamp - 0.5 * JUMP_BACK;
    if (stamp < this.stamp && !restart) return `got a stamp ${(this.stamp - stamp).toFixed(3)} s older than the last`;
    const first = restart || this.anew;
    const elapsed = stamp - this.stamp;
    const { found, limits, range } = this;
    for (let j = 0; j < found.length; j++) {
      const told = positions[this.index[j]],
        q = this.q[j];
      const x = (found[j] = range.endless[j] && !first ? nearestTurn(told, q) : told);
      const s = velocities.length > 0 ? velocities[this.index[j]] : NaN;
      const unit = range.slides?.[j] ? "m" : "rad";
      if (!Number.isFinite(x)) return `got ${x} ${unit} for ${this.jointNames[j]}, want finite numbers`;
      if (Math.abs(s) > ABSURD * limits.velocity[j])
        return `got ${this.jointNames[j]} at ${s} ${unit}/s, want at most ${ABSURD * limits.velocity[j]} ${unit}/s`;
      const most = Math.min(limits.velocity[j] * elapsed * 1.5, UNSEEN) + this.slack;
      if (!first && !(Math.abs(x - q) <= most))
        return (
          `got ${this.jointNames[j]} moved by ${Math.abs(x - q).toFixed(3)} ${unit} in ${elapsed.toFixed(3)} ` +
          `s, want at most ${most.toFixed(3)} ` +
          `${unit}${elapsed > 1 ? "; if it was moved meanwhile, activate again" : ""}`
        );
      if (!(x >= range.lo[j] - this.margin[j] && x <= range.hi[j] + this.margin[j])) return this.beyond(j, x);
    }
    const { past } = this;
    if (first || elapsed >= 1) past.length = 0;
    while (past.length > 1 && past[1].stamp <= stamp - MEAN) past.shift();
    for (let j = 0; j < found.length; j++) {
      const given = velocities.length > 0 ? velocities[this.index[j]] : NaN;
      const mean = past.length > 0 ? (found[j] - past[0].q[j]) / (stamp - past[0].stamp) : 0;
      this.v[j] = Number.isNaN(given) ? mean : given;
      this.q[j] = found[j];
    }
    past.push({ stamp, q: found.slice() });
    this.anew = false;
    this.stamp = stamp;
    return restart ? "restart" : "";
  }

  /** Forgets the past: the next sample is accepted wherever the arm is. */
  reset(): void {
    this.stamp = -Infinity;
    this.anew = true;
  }

  /** The next sample counts as a first one, wherever the arm is; times go on. */
  begin(): void {
    this.anew = true;
  }

  private beyond(j: number, x: number): string {
    const { lo, hi, slides } = this.range,
      slide = slides?.[j] === true,
      unit = slide ? "m" : "rad";
    const [limit, off] = x > hi[j] ? [hi[j], x - hi[j]] : [lo[j], lo[j] - x];
    const guess = slide ? "" : guessUnit(x, lo[j], hi[j]);
    return (
      `got ${this.jointNames[j]} at ${+x.toFixed(3)} ${unit}, ${off.toFixed(3)} ${unit} beyond its limit ` +
      `${limit.toFixed(3)}, want at most ${this.margin[j]} ${unit}${guess && `: ${guess}`}`
    );
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
