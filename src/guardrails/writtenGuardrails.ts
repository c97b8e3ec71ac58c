import { quatFromTransform } from "../core/geometry/quatFromTransform.js";
import type { Shape } from "../core/geometry/Shape.js";
import type { NamedShape } from "../config/index.js";
import type { GuardrailSpec } from "./index.js";

/**
 * A step's guardrails as a file would have them, so that they can be sent to the guard as text: `holding`, `support`
 * and `avoid`.
 *
 * @throws RangeError for another kind, which stands in its task's file already
 */
export const writtenGuardrails = (specs: readonly GuardrailSpec[]): readonly Readonly<Record<string, unknown>>[] =>
  specs.map((spec) => {
    switch (spec.kind) {
      case "holding": {
        const { id, pose, parts, mass, positionStd } = spec.config;
        const holding = {
          id,
          position: [pose[3], pose[7], pose[11]],
          orientation: Array.from(quatFromTransform(new Float64Array(4), 0, pose, 0)),
          parts: parts.map(written),
          mass,
          position_std: positionStd,
        };
        return { holding };
      }
      case "support":
        return { support: { ...spec.config, shapes: spec.config.shapes.map(named) } };
      case "avoid":
        return { avoid: { ...spec.config, shapes: spec.config.shapes.map(named) } };
      default:
        throw new RangeError(`guardrail ${spec.kind}: got one in a step, want holding, support or avoid`);
    }
  });

const named = ({ id, shape }: NamedShape): Readonly<Record<string, unknown>> => ({ id, ...written(shape) });

function written(shape: Shape): Readonly<Record<string, unknown>> {
  switch (shape.kind) {
    case "box":
      return { box: { center: shape.center, size: shape.size, orientation: shape.orientation } };
    case "capsule":
      return { capsule: { p0: shape.p0, p1: shape.p1, radius: shape.radius } };
    case "halfSpace":
      return { half_space: { normal: shape.normal, offset: shape.offset } };
    default:
      return shape satisfies never;
  }
}
