import { z } from "zod";
import { everyAcceleration, everyJerk, everySpeed, isMap, misfitOfAll } from "../../config/index.js";
import { slidesOf } from "../../kinematics/slidesOf.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";

// of what the robot may do: below it no motion gets anywhere, and bounds are no longer large against rounding
const SLOWEST = 1e-3;
const RAMP = 0.25; // s, in which the greatest acceleration is reached if jerk is limited

const schema = z
  .strictObject({
    velocity: everySpeed({ above: 0 }).optional().describe("maximum for every joint"),
    acceleration: everyAcceleration({ above: 0 }).optional().describe("maximum for every joint"),
    jerk: everyJerk({ above: 0 }).optional().describe("maximum for every joint"),
  })
  .describe("joint limits tighter than the robot's");

/**
 * Joint limits of a task: no joint exceeds these, nor the robot's own. It makes no guardrail: the joints' limits
 * themselves become tighter. Refused if they are above those of every joint, and so tighten nothing, or so tight that
 * nothing could move.
 */
export const slowerJoints: GuardrailKind<z.output<typeof schema>> = {
  schema,
  tighten(config, { robot, arm: { jointNames, kinds, limits }, written, refuse }) {
    const slides = slidesOf({ kinds });
    for (const [name, per, power] of [
      ["velocity", "/s", -1],
      ["acceleration", "/s²", -2],
      ["jerk", "/s³", -3],
    ] as const) {
      const said = (written as Readonly<Record<string, unknown>> | undefined)?.[name],
        misfit = misfitOfAll(said, jointNames, slides, power);
      if (misfit !== "") refuse([name], misfit);
      for (const [kind, angle] of [
        ["turning", "rad"],
        ["sliding", "m"],
      ] as const) {
        const wanted = config[name]?.[kind],
          of = (bounds: ArrayLike<number>): number[] =>
            Array.from(bounds).filter((_, j) => slides[j] === (kind === "sliding")),
          unit = `${angle}${per}`;
        if (wanted === undefined || of(limits.lo).length === 0) continue;
        const most = Math.max(...(limits[name] === undefined ? [Infinity] : of(limits[name]))),
          path = isMap(said) ? [name, kind] : [name];
        if (wanted > most)
          refuse(path, `got ${rounded(wanted)} ${unit}, want at most ${robot.name}'s ${rounded(most)} ${unit}`);
        const least =
          SLOWEST * Math.min(...of(name === "jerk" ? limits.acceleration.map((a) => a / RAMP) : limits[name]));
        if (wanted < least)
          refuse(
            path,
            `got ${rounded(wanted)} ${unit}, want at least ${rounded(least)} ${unit}, a thousandth of what ` +
              `${robot.name}'s slowest joint may do`,
          );
      }
    }
  },
};
