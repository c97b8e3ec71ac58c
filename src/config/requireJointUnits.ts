import { isMap } from "./byForm.js";
import { parseUnit, sameDimension, unitText, type Dimension } from "./unit.js";
import type { YamlDocument } from "./YamlDocument.js";

const KEYS = { lower: 0, upper: 0, velocity: -1, acceleration: -2, jerk: -3 } as const; // powers of time
const EVERY = [
  [["limits", "acceleration"], -2],
  [["limits", "jerk"], -3],
  [["tracking_error"], 0],
  [["limit_margin"], 0],
  [["expected_tracking_error"], 0],
] as const; // bounds of every joint

/** The dimension of a text `<number> <unit>`; undefined for anything else. */
export function dimensionOf(written: unknown): Dimension | undefined {
  const unit =
    typeof written === "string"
      ? /[A-Za-z].*$/.exec(written.replace(/^\s*[-+\d.]+([eE][-+]?\d+)?/, ""))?.[0]
      : undefined;
  return unit === undefined ? undefined : parseUnit(unit)?.[1];
}

/** The dimension of a joint's position, speed …: angle of a turning joint, length of a sliding. @param power of time */
export const jointDimension = (slides: boolean, power = 0): Dimension => (slides ? [0, 1, power, 0] : [0, 0, power, 1]);

/** The problem of a value written for one joint; "" if none. @param power of time */
export function misfit(
  written: unknown,
  name: string,
  slides: boolean,
  power = 0,
  want = jointDimension(slides, power),
): string {
  const found = dimensionOf(written);
  return found === undefined || sameDimension(found, want)
    ? ""
    : `got '${String(written)}', want a number in ${unitText(want)} or with such a unit: ${name} ` +
        (slides ? "slides" : "turns");
}

/**
 * The problem of a bound written for several joints together; "" if none: one value must fit all of them.
 * @param power of time
 */
export function misfitOfAll(
  written: unknown,
  jointNames: readonly string[],
  slides: readonly boolean[],
  power = 0,
): string {
  if (written === undefined || written === null || isMap(written)) return "";
  const turning = slides.indexOf(false),
    sliding = slides.indexOf(true);
  if (turning < 0 || sliding < 0)
    return jointNames.length === 0 ? "" : misfit(written, jointNames[0], slides[0], power);
  const unit = (s: boolean): string => unitText(jointDimension(s, power));
  return (
    `got ${typeof written === "string" ? `'${written}'` : String(written)} for all joints, want { turning: a ` +
    `number in ${unit(false)}, sliding: one in ${unit(true)} }: ${jointNames[turning]} turns, ` +
    `${jointNames[sliding]} slides`
  );
}

/**
 * Checks the units of a robot file against the kinds of joints in the URDF: `15 deg` is not a position of a sliding
 * joint, `2 cm` not one of a turning joint, and one number is not a bound of both.
 * @throws ConfigError at the first value that does not fit
 */
export function requireJointUnits(
  document: YamlDocument,
  jointNames: readonly string[],
  slides: readonly boolean[],
): void {
  const at = (path: readonly PropertyKey[]): unknown =>
    path.reduce<unknown>(
      (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
      document.value,
    );
  const want = (text: string, path: readonly PropertyKey[]): void => {
    if (text !== "") throw document.error(path, text);
  };
  jointNames.forEach((name, j) => {
    want(misfit(at(["home", j]), name, slides[j]), ["home", j]);
    const own = ["limits", "joints", name];
    for (const [key, power] of Object.entries(KEYS))
      want(misfit(at([...own, key]), name, slides[j], power), [...own, key]);
    want(misfit(at([...own, "effort"]), name, slides[j], 0, slides[j] ? [1, 1, -2, 0] : [1, 2, -2, 0]), [
      ...own,
      "effort",
    ]);
  });
  for (const [path, power] of EVERY) want(misfitOfAll(at(path), jointNames, slides, power), path);
}

/**
 * The same for the joint values of its hand. @param slides of its `gripper.joints`
 * @throws ConfigError at the first value that does not fit
 */
export function requireHandUnits(document: YamlDocument, slides: readonly boolean[]): void {
  const { joints, at } = (document.value as { gripper: { joints: string[]; at?: Record<string, unknown[]> } }).gripper;
  for (const end of ["open", "closed"] as const)
    at?.[end]?.forEach((value, j) => {
      const text = misfit(value, joints[j], slides[j]);
      if (text !== "") throw document.error(["gripper", "at", end, j], text);
    });
}

/**
 * The same for the start posture of a scene's own robot, and for its random draws.
 * @throws ConfigError at the first value that does not fit, or if there is not one for each joint
 */
export function requireStartUnits(
  document: YamlDocument,
  jointNames: readonly string[],
  slides: readonly boolean[],
): void {
  const { start, random } = document.value as {
    start?: readonly unknown[];
    random?: { start?: { low?: unknown; high?: unknown; choices?: readonly unknown[] } };
  };
  const check = (values: unknown, path: readonly PropertyKey[]): void => {
    if (!Array.isArray(values)) return;
    if (values.length !== jointNames.length)
      throw document.error(
        path,
        `got ${values.length} values, want ${jointNames.length}, one for each joint: ${jointNames.join(", ")}`,
      );
    values.forEach((value, j) => {
      const text = misfit(value, jointNames[j], slides[j]);
      if (text !== "") throw document.error([...path, j], text);
    });
  };
  check(start, ["start"]);
  check(random?.start?.low, ["random", "start", "low"]);
  check(random?.start?.high, ["random", "start", "high"]);
  random?.start?.choices?.forEach((values, i) => check(values, ["random", "start", "choices", i]));
}
