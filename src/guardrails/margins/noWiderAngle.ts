import type { Declared } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";

/** Checks that an angle is at most the robot's own, rad, if it has one. @throws ConfigError */
export function noWiderAngle(max: number, own: number | undefined, { robot, refuse }: Declared): void {
  if (own !== undefined && max > own)
    refuse(["max"], `got ${rounded(max)} rad, want at most ${robot.name}'s ${rounded(own)} rad`);
}
