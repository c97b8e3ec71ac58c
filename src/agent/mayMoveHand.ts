import type { HandCommand, HandState } from "../core/Hand.js";
import type { Held } from "../core/Held.js";
import type { Shape } from "../core/geometry/Shape.js";
import { mulTransform } from "../core/geometry/mulTransform.js";
import { dropHeight } from "../guardrails/margins/dropHeight.js";
import type { Mode } from "../guardrails/mode.js";

const SAME = 1e-6; // m and N: rounding

/** What decides whether the hand may do what is wanted. */
export interface HandSituation {
  readonly mode: Mode; // of the guardrails
  readonly resting: boolean; // the arm is commanded to rest, and does
  readonly tool: Float64Array; // [12] the tool's pose in the base frame, whose z axis is up, m
  readonly hand?: HandState;
  readonly held?: Held;
  readonly inForce?: HandCommand; // the last command that left
  readonly supports: readonly Shape[]; // all that a thing can stand on: fixed geometry, and things as believed
  readonly releaseHeight: number; // m
  readonly mostForce: number; // N: of the hand, and of who may be between its pads (`gripForceCap`)
}

/**
 * Why the hand may not be commanded so, in words; "" if it may. Pure.
 *
 *  - Nothing changes the hand's command while the guardrails are not `active`: a stop, an e-stop, silence and a latch
 *    leave the grip as it is. A thing that is held stays held.
 *  - What is held is let go only where the arm rests and the thing would fall by no more than `releaseHeight`. To let
 *    go is to open further, or to press less, than the command in force (than the measured aperture, if none is).
 *  - No grip is harder than `mostForce`.
 */
export function mayMoveHand(
  { aperture, speed, force }: Pick<HandCommand, "aperture" | "speed" | "force">,
  { mode, resting, tool, hand, held, inForce, supports, releaseHeight, mostForce }: HandSituation,
): string {
  if (!(aperture >= 0 && aperture < Infinity)) return `got an aperture of ${aperture} m, want at least 0 m`;
  if (!(speed > 0 && speed < Infinity)) return `got a speed of ${speed} m/s, want above 0 m/s`;
  if (!(force > 0 && force < Infinity)) return `got a force of ${force} N, want above 0 N`;
  if (mode !== "active") return `the guardrails are ${mode}: the hand stays as it is`;
  if (!(force <= mostForce + SAME)) return `got a grip of ${force} N, want at most ${mostForce} N`;
  if (held === undefined) return "";
  const keeps =
    inForce === undefined
      ? aperture <= (hand?.aperture ?? -Infinity) + SAME
      : aperture <= inForce.aperture + SAME && force >= inForce.force - SAME;
  if (keeps) return "";
  if (!resting) return `${held.id} is held and the arm moves: it is let go at rest only`;
  const pose = mulTransform(new Float64Array(12), 0, tool, 0, held.pose, 0),
    height = dropHeight(held.parts, pose, supports);
  if (height <= releaseHeight + SAME) return "";
  const most = `want at most ${(1000 * releaseHeight).toFixed(0)} mm (release_height)`;
  return height === Infinity
    ? `${held.id} is held over nothing that is known, ${most}`
    : `${held.id} is held ${(1000 * height).toFixed(0)} mm over what is below it, ${most}`;
}
