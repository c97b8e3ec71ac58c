import type { Belief } from "../core/Belief.js";
import { invertTransform } from "../core/geometry/invertTransform.js";
import { mulTransform } from "../core/geometry/mulTransform.js";
import type { HandCommand, HandState } from "../core/Hand.js";
import type { Held } from "../core/Held.js";
import type { Seconds } from "../core/Seconds.js";
import type { Thing } from "../core/Thing.js";
import { padsAt } from "../kinematics/gripper/padsAt.js";
import type { Gripper } from "../kinematics/Gripper.js";
import { betweenPads, type BetweenPads } from "./betweenPads.js";

const STILL = 0.004; // m/s, of pads that stand
const STANDS: Seconds = 0.08; // for which they must, to have come to rest on something
const BEGINS: Seconds = 0.25; // after a command, in which the pads may not have moved yet
const SLIPS = 0.004; // m, by which the pads close further on what they lose
const OPENS = 0.002; // m, by which they open when they let go
const EXACT = 0.001; // m, least doubt of where a thing is in the hand
const LOST = 0.1; // m, greatest
const WIDTH = 0.004; // m, by which a thing's believed width and the aperture may differ
const LOOK: Seconds = 0.1; // between two looks what the unknown thing is
const STRANGE = 3; // sights in a row that contradict
const FAR = 0.015; // m, at least, of one that does

/** What tells that something is held. */
export interface GripRule {
  readonly least: number; // m, the pads stand this far short of where they are sent
  readonly force: number; // N, between them, where it is told
  readonly mass: number; // kg, of a thing that nobody knows
}

/** The world at one instant, as far as the law needs it. */
export interface GripInput {
  readonly hand: HandState;
  readonly tool: Float64Array; // [12] in the base frame, m
  readonly objects: ReadonlyMap<string, Belief>;
  readonly things: ReadonlyMap<string, Thing>;
}

/** Id of a held thing that is none of the believed ones. */
export const UNKNOWN = "unknown";

/**
 * What the hand holds. Something is held once pads that are sent to c come to rest at an aperture a with
 *
 *     a − c > least,   and F ≥ force where efforts are told
 *
 * and stays held until they close further (a thing that slips out: by `least` and as far as they were sent, or by 4 mm)
 * or open by 2 mm: to be told to open lets nothing go yet. It is the believed thing that the most lines from pad to pad meet, else an unknown one as wide as the aperture.
 * Its pose in the hand is T_tool⁻¹ · T_belief at that time, shifted along the closing direction to the middle between
 * the pads, where they have pushed it. Later sights of it correct the pose, as the mean weighted with 1/σ²; three in a
 * row that contradict it by more than 4σ and 15 mm make the law look anew at what is between the pads.
 */
export class GripSense {
  held: Held | undefined;
  private command: HandCommand | undefined;
  private stoodSince: Seconds | undefined;
  private aperture = 0; // m, of the grasp
  private looked: Seconds = -Infinity;
  private strange = 0;
  private readonly pads = new Float64Array(12); // in the base frame
  private readonly inTool = new Float64Array(12);

  constructor(
    private readonly gripper: Gripper,
    private readonly rule: GripRule,
  ) {}

  /** Takes what the hand was told. */
  expect(command: HandCommand): void {
    this.command = command;
  }

  /** Takes the hand's newest state. */
  update(input: GripInput): Held | undefined {
    const { command, rule } = this,
      { hand } = input,
      { stamp, aperture, speed, force } = hand;
    if (command === undefined) return undefined;
    if (this.held !== undefined) {
      const closes = this.aperture - aperture;
      const arrived = closes > rule.least && aperture - command.aperture <= rule.least;
      if (arrived || closes > SLIPS || closes < -OPENS) this.letGo();
      else if (this.held.id === UNKNOWN && !(stamp - this.looked < LOOK)) this.grasp(input);
    }
    if (this.held !== undefined) return this.held;
    const short = aperture - command.aperture > rule.least && (force === undefined || force >= rule.force);
    // a stamp before the command's is of a clock that went back
    const begun = stamp - command.stamp >= BEGINS || stamp < command.stamp - BEGINS;
    if (!short || !begun || !(Math.abs(speed) < STILL)) this.stoodSince = undefined;
    else if (this.stoodSince === undefined || stamp < this.stoodSince) this.stoodSince = stamp;
    if (this.stoodSince !== undefined && stamp - this.stoodSince >= STANDS) this.grasp(input);
    return this.held;
  }

  /**
   * A sight of the held thing, and where the tool was then.
   * @returns whether it contradicts what was believed, so that the thing is where it was seen
   */
  see(seen: Belief, tool: Float64Array): boolean {
    const { held } = this;
    if (held === undefined || held.id !== seen.id) return false;
    const toTool = invertTransform(new Float64Array(12), 0, tool, 0),
      at = [0, 1, 2].map(
        (r) =>
          toTool[4 * r] * seen.position[0] +
          toTool[4 * r + 1] * seen.position[1] +
          toTool[4 * r + 2] * seen.position[2] +
          toTool[4 * r + 3],
      );
    const off = Math.hypot(...at.map((x, r) => x - held.pose[4 * r + 3])),
      [prior, now] = [held.positionStd, doubtOf(seen)];
    if (!(off <= Math.max(4 * Math.hypot(prior, now), FAR))) return ++this.strange >= STRANGE && this.contradicted();
    this.strange = 0;
    const share = prior ** 2 / (prior ** 2 + now ** 2),
      pose = held.pose.slice();
    for (let r = 0; r < 3; r++) pose[4 * r + 3] += share * (at[r] - pose[4 * r + 3]);
    this.held = { ...held, pose, positionStd: Math.max(EXACT, prior * Math.sqrt(1 - share)) };
    return false;
  }

  /** Another clock, or another world. */
  reset(): void {
    this.letGo();
    this.command = undefined;
  }

  /** The thing is elsewhere: the next update looks what is between the pads. */
  private contradicted(): boolean {
    this.held = unknown(this.gripper, this.inTool, this.aperture, this.rule.mass);
    [this.looked, this.strange] = [-Infinity, 0];
    return true;
  }

  private letGo(): void {
    [this.held, this.stoodSince, this.strange] = [undefined, undefined, 0];
  }

  /** Finds what is between the pads. */
  private grasp({ hand: { stamp, aperture }, tool, objects, things }: GripInput): void {
    const { gripper, pads, inTool } = this;
    if (this.held === undefined) this.aperture = aperture;
    this.looked = stamp;
    mulTransform(pads, 0, tool, 0, padsAt(gripper, aperture, inTool), 0);
    let best: { readonly thing: Thing; readonly belief: Belief; readonly at: BetweenPads } | undefined;
    for (const thing of things.values()) {
      const belief = objects.get(thing.id);
      if (belief === undefined) continue;
      const at = betweenPads(gripper, pads, aperture, belief, thing);
      if (at !== undefined && (best === undefined || nearer(at, best.at))) best = { thing, belief, at };
    }
    this.held =
      best === undefined
        ? unknown(gripper, inTool, aperture, this.rule.mass)
        : {
            id: best.thing.id,
            pose: mulTransform(new Float64Array(12), 0, inTool, 0, centred(best.at, aperture, best.belief), 0),
            parts: best.thing.parts,
            mass: best.thing.mass,
            positionStd: doubtOf(best.belief),
          };
  }
}

/** m; of a belief without one as much as the hand is large. */
const doubtOf = ({ positionStd }: Belief): number => (positionStd <= LOST ? Math.max(EXACT, positionStd) : LOST);

const nearer = (a: BetweenPads, b: BetweenPads): boolean => (a.lines === b.lines ? a.gap < b.gap : a.lines > b.lines);

/** The pose between the pads, midway along y if the thing is as wide there as the pads are apart. */
function centred({ pose, extent }: BetweenPads, aperture: number, { positionStd }: Belief): Float64Array {
  if (extent === undefined || Math.abs(extent[1] - extent[0] - aperture) > WIDTH + 3 * positionStd) return pose;
  const out = pose.slice();
  out[7] -= (extent[0] + extent[1]) / 2;
  return out;
}

/** A thing between the pads that nobody knows: a box as wide as they are apart and as large as they are. */
function unknown({ padSize, finger }: Gripper, pads: Float64Array, aperture: number, mass: number): Held {
  const size = [Math.max(padSize[0], aperture), aperture, Math.max(padSize[1], aperture)] as const;
  return {
    id: UNKNOWN,
    pose: pads.slice(),
    parts: [{ kind: "box", center: [0, 0, 0], size, orientation: [0, 0, 0, 1] }],
    mass,
    positionStd: finger,
  };
}
