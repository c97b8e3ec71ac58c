import type { Belief } from "../core/Belief.js";
import type { Seconds } from "../core/Seconds.js";
import type { Thing } from "../core/Thing.js";
import type { BeliefMemory } from "../memory/beliefs/BeliefMemory.js";
import type { HandTracker } from "./HandTracker.js";

/**
 * Takes a message about objects into memory. Shapes are kept only for a hand that may grasp them.
 * @param things shapes, if they are told
 * @returns why it was refused, "" if taken
 */
export function seeObjects(
  { beliefs, hand }: { readonly beliefs: BeliefMemory; readonly hand: HandTracker | undefined },
  stamp: Seconds,
  objects: readonly Belief[],
  things: readonly Thing[] | undefined,
  now: Seconds,
): string {
  const refusal =
    (hand !== undefined && things !== undefined ? beliefs.seeThings(things) : "") ||
    beliefs.seeObjects(stamp, objects, now);
  if (refusal === "") hand?.see(objects);
  return refusal;
}
