import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * Periods of a stop that are still carried out: a command is as long, and so is the time that it takes to look at one.
 */
const MOST = 1000;

/**
 * The periods δ that the longest stop of any joint takes, from whatever state its limits allow: V/Aδ, and where jerk is
 * limited
 *
 *     (V/a + 4a/J + 2√(2V/J))/δ + 8,   a = min(A, √(2JV))        (at worst it must go from a to −a before it brakes; v
 *     + a²/2J ≤ V holds of every state)
 *
 * @param slides [nq] what the joints do, for words
 * @throws RangeError with the joint and its time, where they are more than may be
 */
export function longestStop(
  { velocity, acceleration, jerk }: JointLimits,
  dt: Seconds,
  slides: readonly boolean[] = [],
): number {
  let longest = 1;
  for (let j = 0; j < velocity.length; j++) {
    const V = velocity[j],
      A = acceleration[j],
      J = jerk?.[j] ?? Infinity,
      a = Math.min(A, Math.sqrt(2 * J * V));
    const periods =
      Math.ceil((V / a + (J < Infinity ? (4 * a) / J + 2 * Math.sqrt((2 * V) / J) : 0)) / dt) + (J < Infinity ? 8 : 0);
    const unit = slides[j] ? "m" : "rad";
    if (!(periods <= MOST))
      throw new RangeError(
        `limits: got ${told(V)} ${unit}/s, ${told(A)} ${unit}/s²${J < Infinity ? `, ${told(J)} ${unit}/s³` : ""} of ` +
          `joint ${j + 1}, which takes ${told(periods * dt)} s to stop, want at most ${told(MOST * dt)} s`,
      );
    longest = Math.max(longest, periods);
  }
  return longest;
}

const told = (x: number): string => Number(x.toPrecision(3)).toString();
