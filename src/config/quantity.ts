import { z } from "zod";
import { setForm } from "./forms.js";
import { shown } from "./parseConfig.js";
import type { Dimension } from "./unit.js";
import { parseUnit, sameDimension, unitText } from "./unit.js";

export interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number; // exclusive lower bound
}

/**
 * A number with a unit: a plain number is in SI; a text is `<number> <unit>` ("2 cm", "15 deg", "0.5 rad/s"). Returns a
 * finite number in SI. The error message has an example of a good value: got '2 kg', want a length ('2 cm' or a number
 * in m).
 * @param sliding for a joint's quantity: its dimension for a sliding joint. `requireJointUnits` checks which of the two
 * applies, with the URDF
 */
export function quantity(
  dimension: Dimension,
  noun: string,
  example: string,
  range: Range = {},
  sliding?: Dimension,
): z.ZodType<number> {
  const si = unitText(dimension),
    other = sliding && unitText(sliding);
  const want = `want ${noun} ('${example}' or a number in ${si}${other ? `; of a sliding joint in ${other}` : ""})`;
  const schema = z.unknown().transform((input, context): number => {
    const value = read(input, dimension, sliding);
    const fail = (text: string): number => {
      context.issues.push({ code: "custom", message: `got ${shown(input)}, ${text}`, input });
      return z.NEVER;
    };
    if (!Number.isFinite(value)) return fail(want);
    if (range.above !== undefined && !(value > range.above))
      return fail(`want more than ${range.above} (${si}${other ? ` or ${other}` : ""})`);
    if (range.min !== undefined && !(value >= range.min))
      return fail(`want at least ${range.min} (${si}${other ? ` or ${other}` : ""})`);
    if (range.max !== undefined && !(value <= range.max))
      return fail(`want at most ${range.max} (${si}${other ? ` or ${other}` : ""})`);
    return value;
  });
  setForm(schema, { type: noun.replace(/^an? /, ""), unit: other ? `${si}, sliding: ${other}` : si, range });
  return schema;
}

/** The SI value of a number or a text, NaN for anything else; uses `sliding` if the unit is not of `dimension`. */
function read(input: unknown, dimension: Dimension, sliding: Dimension | undefined): number {
  if (typeof input === "number") return input;
  if (typeof input !== "string") return NaN;
  const value = toSI(input, dimension);
  return Number.isNaN(value) && sliding ? toSI(input, sliding) : value;
}

/** The SI value of `<number> <unit>`, or NaN if the text has another form or its unit another dimension. */
export function toSI(text: string, dimension: Dimension): number {
  if (text.length > 80) return NaN;
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z].*?)\s*$/.exec(text);
  if (match === null) return NaN;
  const unit = parseUnit(match[2]);
  return unit !== undefined && sameDimension(unit[1], dimension) ? Number(match[1]) * unit[0] : NaN;
}

export const length = (range?: Range): z.ZodType<number> => quantity([0, 1, 0, 0], "a length", "2 cm", range);
export const angle = (range?: Range): z.ZodType<number> => quantity([0, 0, 0, 1], "an angle", "15 deg", range);
export const duration = (range: Range = { min: 0 }): z.ZodType<number> =>
  quantity([0, 0, 1, 0], "a duration", "0.5 s", range);
export const mass = (range: Range = { above: 0 }): z.ZodType<number> =>
  quantity([1, 0, 0, 0], "a mass", "0.2 kg", range);
export const speed = (range?: Range): z.ZodType<number> => quantity([0, 1, -1, 0], "a speed", "0.5 m/s", range);
export const acceleration = (range?: Range): z.ZodType<number> =>
  quantity([0, 1, -2, 0], "an acceleration", "2 m/s^2", range);
export const angularSpeed = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -1, 1], "an angular speed", "0.5 rad/s", range);
export const angularAcceleration = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -2, 1], "an angular acceleration", "2 rad/s^2", range);
export const angularJerk = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -3, 1], "an angular jerk", "500 rad/s^3", range);
/** Of a joint that may turn or slide, by powers of time: its position, speed, acceleration, jerk; and its effort. */
export const jointPosition = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, 0, 1], "an angle", "15 deg", range, [0, 1, 0, 0]);
export const jointSpeed = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -1, 1], "an angular speed", "0.5 rad/s", range, [0, 1, -1, 0]);
export const jointAcceleration = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -2, 1], "an angular acceleration", "2 rad/s^2", range, [0, 1, -2, 0]);
export const jointJerk = (range?: Range): z.ZodType<number> =>
  quantity([0, 0, -3, 1], "an angular jerk", "500 rad/s^3", range, [0, 1, -3, 0]);
export const jointEffort = (range?: Range): z.ZodType<number> =>
  quantity([1, 2, -2, 0], "a torque", "20 Nm", range, [1, 1, -2, 0]);
export const force = (range?: Range): z.ZodType<number> => quantity([1, 1, -2, 0], "a force", "20 N", range);
export const torque = (range?: Range): z.ZodType<number> => quantity([1, 2, -2, 0], "a torque", "20 Nm", range);
export const energy = (range?: Range): z.ZodType<number> => quantity([1, 2, -2, 0], "an energy", "0.5 J", range);
export const ratio = (min = -Number.MAX_VALUE, max = Number.MAX_VALUE): z.ZodType<number> =>
  z.number().min(min).max(max);

/** Three quantities of one kind, [x, y, z]. */
export const vec3 = (item: z.ZodType<number>): z.ZodType<[number, number, number]> => z.tuple([item, item, item]);
