import type { HandState } from "../../core/Hand.js";
import type { Held } from "../../core/Held.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Grip } from "../../core/Step.js";

const NEAR = 0.002; // m, of the wanted aperture
const STILL = 0.01; // m/s, of fingers that stand: joint states of fingers are noisy
const PATIENCE: Seconds = 1.5; // beyond what the way takes, after which fingers that stand count as stalled
const STALE: Seconds = 0.5; // age of the hand's joint states

/** How far a grip is: under way, reached, or failed with the reason. */
export type GripProgress = "moving" | "reached" | { readonly failed: string };

/**
 * Whether the hand has done what a step asks: the pads are at their aperture, or the thing that they shall hold is held
 * and the fingers stand. A hand that stands elsewhere for longer than its way takes has failed.
 *
 * @param since for which the hand has been asked, s
 * @param speed m/s, greatest of the aperture
 */
export function gripProgress(
  grip: Grip,
  { hand, held, stamp }: { readonly hand?: HandState; readonly held?: Held; readonly stamp: Seconds },
  since: Seconds,
  speed: number,
): GripProgress {
  if (hand === undefined || stamp - hand.stamp > STALE)
    return since > PATIENCE ? { failed: "the joint states of the hand have stopped" } : "moving";
  const off = hand.aperture - grip.aperture,
    stands = Math.abs(hand.speed) < STILL,
    late = since > PATIENCE + Math.abs(off) / speed;
  if (grip.holds !== undefined) {
    if (held?.id === grip.holds) return "reached";
    const there = off <= NEAR && stands && since > 0.2;
    if (there || late)
      return {
        failed:
          held === undefined
            ? `the pads closed to ${millimetres(hand.aperture)} and hold nothing, want ${grip.holds}`
            : `the pads hold ${held.id}, want ${grip.holds}`,
      };
    return "moving";
  }
  if (Math.abs(off) <= NEAR && stands) return "reached";
  if (late && stands)
    return { failed: `the fingers stand at ${millimetres(hand.aperture)}, want ${millimetres(grip.aperture)}` };
  return "moving";
}

const millimetres = (x: number): string => `${(1000 * x).toFixed(1)} mm`;
