import type { HandCommand } from "../../core/Hand.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Gripper } from "../Gripper.js";
import { jointsAt } from "./jointsAt.js";
import { padLever } from "./padLever.js";

const LEAST: Seconds = 0.05; // of any motion of the hand

/** The one point of the trajectory of a command to the hand: where its driven joints [n] go, how hard, and when. */
export interface HandPoint {
  readonly positions: Float64Array; // rad (m if prismatic)
  readonly effort: Float64Array; // N·m (N if prismatic), greatest
  readonly timeFromStart: Seconds;
}

/** @param from aperture where the hand is, m */
export function handPoint(gripper: Gripper, { aperture, speed, force }: HandCommand, from: number): HandPoint {
  const n = gripper.jointNames.length;
  return {
    positions: jointsAt(gripper, aperture),
    effort: padLever(gripper, aperture).map((lever) => (force / n) * lever),
    timeFromStart: Math.max(LEAST, Math.abs(aperture - from) / speed),
  };
}
