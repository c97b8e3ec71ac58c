import type { RobotConfig, YamlDocument } from "../config/index.js";
import type { Declared } from "./GuardrailKind.js";
import { kindOf, type GuardrailSpec } from "./index.js";

/**
 * Checks that a task tightens what its robot declares and never loosens it, by each kind of guardrail.
 *
 * @param arm its joints and their limits: a bound above that of every joint tightens nothing
 * @param fixed names of the fixed geometry that may be touched
 * @throws ConfigError at the value that is looser than the robot's, or so tight that nothing could move
 */
export function requireTighter(
  specs: readonly GuardrailSpec[],
  robot: RobotConfig,
  arm: Declared["arm"],
  fixed: readonly string[],
  document: YamlDocument,
): void {
  const { guardrails } = document.value as { guardrails?: readonly Readonly<Record<string, unknown>>[] };
  const avoided = specs.flatMap((spec) => (spec.kind === "avoid" ? spec.config.shapes.map(({ id }) => id) : []));
  specs.forEach(({ kind, config }, i) => {
    const refuse = (path: readonly PropertyKey[], message: string): never => {
      throw document.error(["guardrails", i, kind, ...path], message);
    };
    kindOf(kind).tighten?.(config, {
      robot,
      arm,
      fixed,
      written: guardrails?.[i][kind],
      others: specs.slice(0, i),
      avoided,
      refuse,
    });
  });
}
