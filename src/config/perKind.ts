import { z } from "zod";
import { byForm, isMap } from "./byForm.js";
import { setForm } from "./forms.js";
import { quantity, toSI, type Range } from "./quantity.js";
import { unitText, type Dimension } from "./unit.js";

/** A bound of joints by their kind: rad, rad/s … for turning joints, m, m/s … for sliding joints. */
export interface PerKind {
  readonly turning: number;
  readonly sliding: number;
}

/** The values that were given. */
export type SaidPerKind = Partial<PerKind>;

/** A quantity of both kinds of joints: its name for each, with an example. */
interface Pair {
  readonly power: number; // of time
  readonly turning: readonly [noun: string, example: string];
  readonly sliding: readonly [noun: string, example: string];
}

/**
 * A bound of every joint: one number (SI) or text if all joints turn or all slide, or one for each kind, `{ turning: 2
 * rad/s^2, sliding: 1 m/s^2 }`. 2 rad/s² is not 2 m/s², so a single value for an arm with joints of both kinds is
 * refused once the URDF is known (`requireJointUnits`).
 */
function perKind(
  { power, turning: [turn, forTurn], sliding: [slide, forSlide] }: Pair,
  range: Range = {},
): z.ZodType<SaidPerKind> {
  const angular: Dimension = [0, 0, power, 1],
    linear: Dimension = [0, 1, power, 0],
    [rad, m] = [unitText(angular), unitText(linear)];
  const turns = quantity(angular, turn, forTurn, range),
    slides = quantity(linear, slide, forSlide, range);
  const both = z.strictObject({
    turning: turns.optional().describe("value for turning joints"),
    sliding: slides.optional().describe("value for sliding joints"),
  });
  const schema = byForm<SaidPerKind>(
    `${turn} ('${forTurn}' or a number in ${rad}; of sliding joints in ${m}; of an arm with both { turning: ` +
      `${forTurn}, sliding: ${forSlide} })`,
    (input) => {
      if (isMap(input)) return both;
      if (typeof input === "number") return turns.transform((x) => ({ turning: x, sliding: x }));
      if (typeof input !== "string") return undefined;
      if (!Number.isNaN(toSI(input, angular))) return turns.transform((x) => ({ turning: x }));
      return Number.isNaN(toSI(input, linear)) ? undefined : slides.transform((x) => ({ sliding: x }));
    },
  );
  setForm(schema, {
    type: `${turn.replace(/^an? /, "")}, or { turning, sliding }`,
    unit: `${rad}, sliding: ${m}`,
    range,
  });
  return schema;
}

export const everyPosition = (range?: Range): z.ZodType<SaidPerKind> =>
  perKind({ power: 0, turning: ["an angle", "3 deg"], sliding: ["a length", "2 cm"] }, range);
export const everySpeed = (range?: Range): z.ZodType<SaidPerKind> =>
  perKind({ power: -1, turning: ["an angular speed", "0.5 rad/s"], sliding: ["a speed", "0.2 m/s"] }, range);
export const everyAcceleration = (range?: Range): z.ZodType<SaidPerKind> =>
  perKind(
    { power: -2, turning: ["an angular acceleration", "2 rad/s^2"], sliding: ["an acceleration", "1 m/s^2"] },
    range,
  );
export const everyJerk = (range?: Range): z.ZodType<SaidPerKind> =>
  perKind({ power: -3, turning: ["an angular jerk", "500 rad/s^3"], sliding: ["a jerk", "200 m/s^3"] }, range);

/** The same with defaults, if no value or none for one kind was given. @param preset of each kind */
export const withPreset = (schema: z.ZodType<SaidPerKind>, preset: PerKind): z.ZodDefault<z.ZodType<PerKind>> =>
  (schema.transform((said) => ({ ...preset, ...said })) as unknown as z.ZodType<PerKind>).default(preset);

/** The bound of each joint, [nq]. @param slides whether each joint slides */
export const ofJoints = ({ turning, sliding }: PerKind, slides: readonly boolean[]): Float64Array =>
  Float64Array.from(slides, (s) => (s ? sliding : turning));
