import type { JointLimits } from "../../core/JointLimits.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * Periods of the longest stop that is allowed: a command is as long, and so is the time to verify one.
 */
const MOST = 1000;

/**
 * The number of periods δ of the longest stop of any joint, from any state within its limits: V/Aδ, and if jerk is
 * limited
 *
 *     (V/a + 4a/J + 2√(2V/J))/δ + 8,   a = min(A, √(2JV))        (at worst it must go from a to −a before it brakes; v
 *     + a²/2J ≤ V holds of every state)
 *
 * @param slides [nq] whether a joint slides, for the units in messages
 * @throws RangeError with the joint and its time, if they are more than allowed
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
