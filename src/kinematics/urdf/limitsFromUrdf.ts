import type { JointLimits } from "../../core/JointLimits.js";
import type { ArmOptions, EachKind } from "../ArmOptions.js";
import type { UrdfJoint } from "./Urdf.js";
import { UrdfError } from "./UrdfError.js";

/**
 * A URDF has no acceleration limits. The default reaches full speed in a quarter of a second, never above 10 rad/s²:
 * below the values of the makers of the tested arms (Panda 7.5–20 rad/s²), so that without a known limit the arm is
 * slow rather than wrong.
 */
export function defaultAcceleration(velocity: number): number {
  return Math.min(10, velocity / 0.25);
}

const of = (bound: number | EachKind | undefined, { type }: UrdfJoint): number | undefined =>
  typeof bound === "object" ? bound[type === "prismatic" ? "sliding" : "turning"] : bound;

/**
 * Bounds of the arm's joints: the URDF's, then `options`. A continuous joint gets ±2π, because a cable allows about a
 * turn each way. An effort of 0, which means "unknown" in most URDFs, is Infinity. Throws UrdfError for an unknown
 * joint, a missing bound, an empty range or a rate ≤ 0.
 */
export function limitsFromUrdf(joints: readonly UrdfJoint[], options: ArmOptions): JointLimits {
  const overrides = options.limits ?? {};
  for (const name of Object.keys(overrides))
    if (!joints.some((j) => j.name === name))
      throw new UrdfError(
        `limits of joint ${JSON.stringify(name)}`,
        "a joint that the arm does not have",
        joints.map((j) => j.name).join(", "),
        ["limits", "joints", name],
      );
  const scale = options.velocityScale ?? 1;
  if (!(scale > 0 && scale <= 1)) throw new UrdfError("velocity scale", String(scale), "a number in (0, 1]");
  const n = joints.length;
  const limits = {
    lo: new Float64Array(n),
    hi: new Float64Array(n),
    velocity: new Float64Array(n),
    acceleration: new Float64Array(n),
    effort: new Float64Array(n),
  };
  const jerk = new Float64Array(n);
  joints.forEach((joint, j) => {
    const where = `joint ${JSON.stringify(joint.name)}`;
    const given = Object.hasOwn(overrides, joint.name) ? overrides[joint.name] : {};
    const turn = joint.type === "continuous" ? 2 * Math.PI : undefined;
    const lo = given.lower ?? (turn === undefined ? joint.limit?.lower : -turn);
    const hi = given.upper ?? (turn === undefined ? joint.limit?.upper : turn);
    const full = given.velocity ?? joint.limit?.velocity;
    const velocity = full === undefined ? undefined : full * scale;
    if (lo === undefined || hi === undefined || velocity === undefined)
      throw new UrdfError(where, "no <limit>", "one, or lower, upper and velocity in the robot file's limits");
    if (!(lo < hi) || !Number.isFinite(hi - lo))
      throw new UrdfError(`${where} limit`, `lower ${lo}, upper ${hi}`, "lower < upper");
    const positive = (what: string, x: number): number => {
      if (!(x > 0) || (what !== "effort" && !Number.isFinite(x)))
        throw new UrdfError(`${where} ${what}`, String(x), "a number > 0, from the URDF or the robot file's limits");
      return x;
    };
    ((limits.lo[j] = lo), (limits.hi[j] = hi));
    limits.velocity[j] = positive("velocity", velocity);
    limits.acceleration[j] = positive(
      "acceleration",
      given.acceleration ?? of(options.acceleration, joint) ?? defaultAcceleration(velocity),
    );
    jerk[j] = given.jerk ?? of(options.jerk, joint) ?? Infinity;
    if (!(jerk[j] > 0)) throw new UrdfError(`${where} jerk`, String(jerk[j]), "a number > 0");
    limits.effort[j] = positive("effort", given.effort ?? (joint.limit?.effort || Infinity));
  });
  return jerk.some(Number.isFinite) ? { ...limits, jerk } : limits;
}
