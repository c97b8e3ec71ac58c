import type { HandState } from "../core/Hand.js";
import type { OtherJoints } from "../core/OtherJoints.js";
import type { Seconds } from "../core/Seconds.js";
import { apertureOf } from "../kinematics/gripper/apertureOf.js";
import { jointsAt } from "../kinematics/gripper/jointsAt.js";
import type { Gripper } from "../kinematics/Gripper.js";

const LONGEST = 256; // joints in one message
const FUTURE: Seconds = 0.02; // a stamp may be ahead of the clock
const JUMP_BACK: Seconds = 0.1;
const BEYOND = 0.25; // of the stroke: how far beyond closed or open an aperture may be measured
const ABSURD = 10; // times the hand's speed: no hand does that
const MEAN: Seconds = 0.03; // a velocity that is not given is the mean over this time
const STEP: Seconds = 1e-3; // over which a velocity of the joints becomes one of the aperture

/**
 * The hand from its joint states. The aperture a is the mean of what each driven joint tells; its speed ȧ and the force
 * between the pads follow by virtual work,
 *
 *     ȧ = (a(q + v·h) − a(q))/h,   F = Σ_j |τ_j · ∂q_j/∂a|
 *
 * Rules of entry: each driven joint once, in any order, among any others; finite positions within the hand's range and
 * a quarter of its stroke beyond; later than the last, not in the future. A message without any of them is another
 * device's.
 */
export class HandSense {
  /** The newest; undefined before the first. */
  state: HandState | undefined;
  private readonly index: Int32Array; // of each driven joint in the message at hand
  private readonly q: Float64Array;
  private readonly ahead: Float64Array;
  private readonly past: { readonly stamp: Seconds; readonly aperture: number }[] = []; // oldest first

  constructor(private readonly gripper: Gripper) {
    const n = gripper.jointNames.length;
    this.index = new Int32Array(n);
    this.q = new Float64Array(n);
    this.ahead = new Float64Array(n);
  }

  /** @returns why it was refused, "" if taken, "stranger" for another device's, "duplicate" for one already seen */
  take(stamp: Seconds, joints: OtherJoints, now: Seconds): string {
    const refusal = this.find(joints) || this.outOfTime(stamp, now) || this.read(joints);
    if (refusal !== "") return refusal;
    const { gripper, past, state } = this,
      aperture = apertureOf(gripper, this.q),
      { apertures } = gripper,
      [closed, open] = [apertures[0], apertures[apertures.length - 1]],
      room = BEYOND * (open - closed);
    if (!(aperture >= closed - room && aperture <= open + room))
      return `got pads ${mm(aperture)} apart, want ${mm(closed)} to ${mm(open)}`;
    if (state !== undefined && (stamp < state.stamp || stamp - state.stamp >= 1)) past.length = 0;
    while (past.length > 1 && past[1].stamp <= stamp - MEAN) past.shift();
    const speed = this.speed(joints, aperture) ?? this.mean(stamp, aperture);
    if (!(Math.abs(speed) <= ABSURD * gripper.speed)) return `got pads that part at ${speed} m/s`;
    past.push({ stamp, aperture });
    const force = this.force(joints, aperture);
    this.state = { stamp, aperture, speed, ...(force !== undefined && { force }) };
    return "";
  }

  private find({ names, positions, velocities, efforts }: OtherJoints): string {
    const wanted = this.gripper.jointNames;
    if (names.length > LONGEST) return `got ${names.length} joints, want at most ${LONGEST}`;
    if (!wanted.some((name) => names.includes(name))) return "stranger";
    for (const [what, list, optional] of [
      ["positions", positions, false],
      ["velocities", velocities, true],
      ["efforts", efforts ?? [], true],
    ] as const)
      if (list.length !== names.length && !(optional && list.length === 0))
        return `got ${list.length} ${what} for ${names.length} names`;
    for (let j = 0; j < wanted.length; j++) {
      const at = (this.index[j] = names.indexOf(wanted[j]));
      if (at < 0) return `got no joint '${wanted[j]}' of the hand among ${names.slice(0, 12).join(", ")}`;
      if (names.indexOf(wanted[j], at + 1) >= 0) return `got joint '${wanted[j]}' twice`;
    }
    return "";
  }

  private outOfTime(stamp: Seconds, now: Seconds): string {
    const last = this.state?.stamp ?? -Infinity;
    if (!Number.isFinite(stamp)) return `got stamp ${stamp}`;
    if (stamp === last) return "duplicate";
    if (!(stamp <= now + FUTURE)) return `got a stamp ${(stamp - now).toFixed(3)} s ahead of the clock`;
    // both clocks went back; else it is a replay
    const restart = stamp < last - JUMP_BACK && now < last - 0.5 * JUMP_BACK;
    return stamp < last && !restart ? `got a stamp ${(last - stamp).toFixed(3)} s older than the last` : "";
  }

  private read({ positions }: OtherJoints): string {
    const { q, index, gripper } = this;
    for (let j = 0; j < q.length; j++) {
      q[j] = positions[index[j]];
      if (!Number.isFinite(q[j])) return `got ${q[j]} for ${gripper.jointNames[j]}, want finite numbers`;
    }
    return "";
  }

  private speed({ velocities }: OtherJoints, aperture: number): number | undefined {
    if (velocities.length === 0) return undefined;
    const { q, ahead, index, gripper } = this;
    for (let j = 0; j < q.length; j++) ahead[j] = q[j] + STEP * velocities[index[j]];
    const speed = (apertureOf(gripper, ahead) - aperture) / STEP;
    return Number.isNaN(speed) ? undefined : speed;
  }

  private mean(stamp: Seconds, aperture: number): number {
    const [oldest] = this.past;
    return oldest === undefined ? 0 : (aperture - oldest.aperture) / (stamp - oldest.stamp);
  }

  private force({ efforts = [] }: OtherJoints, aperture: number): number | undefined {
    if (efforts.length === 0) return undefined;
    const { gripper, index, q, ahead } = this,
      { apertures } = gripper,
      h = (apertures[apertures.length - 1] - apertures[0]) / 100,
      low = Math.min(Math.max(aperture, apertures[0]), apertures[apertures.length - 1] - h);
    jointsAt(gripper, low, q);
    jointsAt(gripper, low + h, ahead);
    let force = 0;
    for (let j = 0; j < q.length; j++) force += Math.abs((efforts[index[j]] * (ahead[j] - q[j])) / h);
    return Number.isFinite(force) ? force : undefined;
  }
}

const mm = (x: number): string => `${(1000 * x).toFixed(1)} mm`;
