import { parseUnit, sameDimension, unitText, type Dimension } from "./unit.js";
import type { YamlDocument } from "./YamlDocument.js";

const KEYS = { lower: 0, upper: 0, velocity: -1, acceleration: -2, jerk: -3 } as const; // powers of time

/** Of a text `<number> <unit>` what it measures; undefined of anything else. */
export function dimensionOf(written: unknown): Dimension | undefined {
  const unit = typeof written === "string" ? /[A-Za-z].*$/.exec(written.replace(/^\s*[-+\d.]+([eE][-+]?\d+)?/, ""))?.[0] : undefined;
  return unit === undefined ? undefined : parseUnit(unit)?.[1];
}

/** A position, speed … of a joint: angles of one that turns, lengths of one that slides. @param power of time */
export const jointDimension = (slides: boolean, power = 0): Dimension => (slides ? [0, 1, power, 0] : [0, 0, power, 1]);

/** Checks the units of a robot's file by what its joints do, which the URDF tells: `15 deg` is no place of a joint that slides, `2 cm` none of one that turns. @throws ConfigError at the first that does not fit */
export function requireJointUnits(document: YamlDocument, jointNames: readonly string[], slides: readonly boolean[]): void {
  const { home, limits } = document.value as { home?: readonly unknown[]; limits?: { joints?: Readonly<Record<string, Readonly<Record<string, unknown>>>> } };
  jointNames.forEach((name, j) => {
    const want = (written: unknown, dimension: Dimension, path: readonly PropertyKey[]): void => {
      const found = dimensionOf(written);
      if (found !== undefined && !sameDimension(found, dimension)) throw document.error(path, `got '${String(written)}', want a number in ${unitText(dimension)} or with such a unit: ${name} ${slides[j] ? "slides" : "turns"}`);
    };
    want(home?.[j], jointDimension(slides[j]), ["home", j]);
    const own = limits?.joints?.[name];
    for (const [key, power] of Object.entries(KEYS)) want(own?.[key], jointDimension(slides[j], power), ["limits", "joints", name, key]);
    want(own?.effort, slides[j] ? [1, 1, -2, 0] : [1, 2, -2, 0], ["limits", "joints", name, "effort"]);
  });
}
