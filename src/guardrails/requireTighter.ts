import { isMap, misfitOfAll, type RobotConfig, type YamlDocument } from "../config/index.js";
import type { Arm } from "../kinematics/index.js";
import type { GuardrailSpec } from "./index.js";
import { slidesOf } from "../kinematics/slidesOf.js";

// of what the robot may do: below, nothing gets anywhere, and bounds are no longer large against rounding
const SLOWEST = 1e-3;
const RAMP = 0.25; // s, in which the greatest acceleration is reached where jerk is limited

type JointsOf = Pick<Arm, "jointNames" | "kinds" | "limits">;

/**
 * A task may tighten what its robot declares and never loosen it. Everything a task adds holds beside the robot's own,
 * so this is no hole that is shut here but a request that is told not to come true: both values stand in the error.
 *
 * @param arm what its joints are, and may do: a bound above that of every joint tightens nothing
 * @param known names of the fixed geometry that may be touched
 * @throws ConfigError at the value that is looser than the robot's, or so tight that nothing could move
 */
export function requireTighter(
  specs: readonly GuardrailSpec[],
  robot: RobotConfig,
  arm: JointsOf,
  known: readonly string[],
  document: YamlDocument,
): void {
  const { limits } = arm,
    slides = slidesOf(arm);
  specs.forEach((spec, i) => {
    const complain = (path: readonly PropertyKey[], message: string): never => {
      throw document.error(["guardrails", i, spec.kind, ...path], message);
    };
    const { guardrails: own, workspace } = robot;
    switch (spec.kind) {
      case "workspace": {
        if (workspace === undefined) return;
        const a = spec.config.box,
          b = workspace.box;
        for (let e = 0; e < 3; e++) {
          const low = a.center[e] - a.size[e] / 2,
            high = a.center[e] + a.size[e] / 2,
            least = b.center[e] - b.size[e] / 2,
            most = b.center[e] + b.size[e] / 2;
          if (low < least - 1e-9 || high > most + 1e-9)
            complain(
              ["box"],
              `got ${"xyz"[e]} from ${round(low)} to ${round(high)} m, want it within ${robot.name}'s ` +
                `${round(least)} to ${round(most)} m`,
            );
        }
        return;
      }
      case "tool_tilt":
      case "spill": {
        const bound = own[spec.kind];
        if (bound !== undefined && spec.config.max > bound.max)
          complain(["max"], `got ${round(spec.config.max)} rad, want at most ${robot.name}'s ${round(bound.max)} rad`);
        return;
      }
      case "payload": {
        const { payload } = own;
        if (payload === undefined) return;
        if (spec.config.mass > payload.mass)
          complain(
            ["mass"],
            `got ${round(spec.config.mass)} kg, want at most ${robot.name}'s ${round(payload.mass)} kg`,
          );
        if (spec.config.reserve < payload.reserve)
          complain(
            ["reserve"],
            `got ${round(spec.config.reserve)}, want at least ${robot.name}'s ${round(payload.reserve)}`,
          );
        return;
      }
      case "contact": {
        if (own.contact === undefined)
          return complain(
            [],
            `got a contact of ${round(spec.config.force)} N, want none: ${robot.name} declares no ` +
              "guardrails.contact.force, so 0 N",
          );
        if (spec.config.force > own.contact.force)
          complain(
            ["force"],
            `got ${round(spec.config.force)} N, want at most ${robot.name}'s ${round(own.contact.force)} N`,
          );
        spec.config.bodies.forEach((id, b) => {
          if (!known.includes(id))
            complain(
              ["bodies", b],
              `got '${id}', want fixed geometry of the scene: ` +
                `${known.length > 0 ? known.join(", ") : "(none is known)"}`,
            );
        });
        return;
      }
      case "limits": {
        for (const [name, per, power] of [
          ["velocity", "/s", -1],
          ["acceleration", "/s²", -2],
          ["jerk", "/s³", -3],
        ] as const) {
          const written = (document.value as { guardrails: readonly { limits?: Readonly<Record<string, unknown>> }[] })
              .guardrails[i].limits?.[name],
            misfit = misfitOfAll(written, arm.jointNames, slides, power);
          if (misfit !== "") complain([name], misfit);
          for (const [kind, angle] of [
            ["turning", "rad"],
            ["sliding", "m"],
          ] as const) {
            const wanted = spec.config[name]?.[kind],
              of = (bounds: ArrayLike<number>): number[] =>
                Array.from(bounds).filter((_, j) => slides[j] === (kind === "sliding")),
              unit = `${angle}${per}`;
            if (wanted === undefined || of(limits.lo).length === 0) continue;
            const most = Math.max(...(limits[name] === undefined ? [Infinity] : of(limits[name]))),
              path = isMap(written) ? [name, kind] : [name];
            if (wanted > most)
              complain(path, `got ${round(wanted)} ${unit}, want at most ${robot.name}'s ${round(most)} ${unit}`);
            const least =
              SLOWEST * Math.min(...of(name === "jerk" ? limits.acceleration.map((a) => a / RAMP) : limits[name]));
            if (wanted < least)
              complain(
                path,
                `got ${round(wanted)} ${unit}, want at least ${round(least)} ${unit}, a thousandth of what ` +
                  `${robot.name}'s slowest joint may do`,
              );
          }
        }
        return;
      }
      case "keep_out":
        return;
      default:
        spec satisfies never;
    }
  });
}

const round = (x: number): number => Number(x.toPrecision(6));
