import type { Belief } from "../core/Belief.js";
import type { HandCommand } from "../core/Hand.js";
import type { OtherJoints } from "../core/OtherJoints.js";
import type { Seconds } from "../core/Seconds.js";
import { Kinematics } from "../kinematics/Kinematics.js";
import type { BeliefMemory } from "../memory/beliefs/BeliefMemory.js";
import { GripSense } from "../perception/GripSense.js";
import { HandSense } from "../perception/HandSense.js";
import type { AgentSetup } from "./setup/AgentSetup.js";

const REMEMBERED = 64; // poses of the tool
const APART: Seconds = 0.008; // between two of them
const TELL: Seconds = 0.05; // between two reports of a hand that moves, or carries
const MOVED = 5e-4; // m, of the aperture, worth a report
const WEIGHS = 1; // kg, of an unknown thing in the hand of a robot without a declared payload

/** The hand's tracker of a robot with a gripper. */
export function handTracker(setup: AgentSetup, beliefs: BeliefMemory): HandTracker | undefined {
  return setup.arm.gripper === undefined ? undefined : new HandTracker(setup, beliefs);
}

/**
 * The hand and what it holds, kept in the memory of beliefs: joint states of the arm and of the hand, commands to the
 * hand and sights of things in; `BeliefMemory.inHand`, and the belief about a held thing, which moves with the tool,
 * out.
 */
export class HandTracker {
  private readonly sense: HandSense;
  private readonly grip: GripSense;
  private readonly kinematics: Kinematics;
  private readonly past: { readonly stamp: Seconds; readonly tool: Float64Array }[] = []; // oldest first
  private told = { at: -Infinity, aperture: NaN, held: undefined as string | undefined };

  constructor(
    { arm, robot }: AgentSetup,
    private readonly beliefs: BeliefMemory,
  ) {
    const { held } = robot.gripper!;
    this.sense = new HandSense(arm.gripper!);
    this.grip = new GripSense(arm.gripper!, { ...held, mass: robot.guardrails.payload?.mass ?? WEIGHS });
    this.kinematics = new Kinematics(arm);
    beliefs.inHand = { things: beliefs.things };
  }

  /** Takes what the hand was told. */
  expect(command: HandCommand): void {
    this.grip.expect(command);
  }

  /** Takes joint states of the hand. @returns as `HandSense.take` */
  take(stamp: Seconds, joints: OtherJoints, now: Seconds): string {
    const { sense, grip, beliefs } = this,
      before = sense.state?.stamp ?? -Infinity;
    const refusal = sense.take(stamp, joints, now);
    if (refusal !== "") return refusal;
    if (stamp < before) grip.reset();
    const hand = sense.state!,
      tool = this.toolAt(stamp);
    if (tool !== undefined) grip.update({ hand, tool, objects: beliefs.objectsById, things: beliefs.things });
    this.tell();
    return "";
  }

  /** Takes the arm's joints [nq], rad. */
  arm(stamp: Seconds, q: Float64Array): void {
    const { past, kinematics, beliefs } = this,
      last = past.at(-1)?.stamp ?? -Infinity;
    kinematics.forward(q, 0);
    if (stamp < last) past.length = 0;
    if (past.length === 0 || stamp - last >= APART) past.push({ stamp, tool: kinematics.tool.slice() });
    if (past.length > REMEMBERED) past.shift();
    const { held } = this.grip;
    if (held !== undefined && beliefs.things.has(held.id)) beliefs.carry(held, kinematics.tool, stamp);
  }

  /** Takes sights of things, of which one may be in the hand. */
  see(objects: readonly Belief[]): void {
    const { grip, beliefs } = this,
      seen = objects.find(({ id }) => id === grip.held?.id),
      tool = seen && this.toolAt(seen.stamp);
    if (seen === undefined || tool === undefined) return;
    if (grip.see(seen, tool)) beliefs.correct(seen);
    this.tell();
  }

  /** Whether something has changed since the last report that says so: at once what is held, else 20 times a second. */
  moved(now: Seconds): boolean {
    const { told } = this,
      { hand, held } = this.beliefs.inHand;
    const again = now - told.at >= TELL || now < told.at;
    const moves = held !== undefined || !(Math.abs((hand?.aperture ?? NaN) - told.aperture) < MOVED);
    if (hand === undefined || (held?.id === told.held && !(again && moves))) return false;
    this.told = { at: now, aperture: hand.aperture, held: held?.id };
    return true;
  }

  private tell(): void {
    const { sense, grip, beliefs } = this;
    beliefs.inHand = {
      ...(sense.state !== undefined && { hand: sense.state }),
      ...(grip.held !== undefined && { held: grip.held }),
      things: beliefs.things,
    };
  }

  /** The tool's pose at a time, the nearest that is known; undefined if that is too long ago. */
  private toolAt(stamp: Seconds): Float64Array | undefined {
    const { past } = this;
    if (past.length === 0 || stamp < past[0].stamp - APART) return undefined;
    return past.reduce((a, b) => (Math.abs(b.stamp - stamp) < Math.abs(a.stamp - stamp) ? b : a)).tool;
  }
}
