import { parseConfig, parseYaml } from "../../src/config/index.js";
import {
  createGoal,
  goals,
  type BindContext,
  type KnotView,
  type Plugin,
  type Residual,
} from "../../src/cost/index.js";
import { belief, limitsOf, stateWith } from "./oracleArm.js";

// Terms beside the points where their formula divides by nothing, changes its branch or has no derivative.

export const nq = 3;
export const from = stateWith(belief("puck", 0.3, -0.2, 0.1), belief("mark", 0.3, -0.2, 0.1));
/** How far beside such a point, in the unit of what is varied. */
export const TINY = [
  0, 1e-300, 1e-160, 1e-17, 1e-16, 1e-13, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.1,
];

/** A goal's residual from its YAML. */
export function residual(kind: string, yaml: string): Residual {
  const plugin = goals.of(kind) as unknown as Plugin<unknown, unknown, Residual>;
  const context: BindContext = {
    jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
    objects: ["puck", "mark"],
    predicted: ["puck", "mark"],
  };
  return createGoal(
    { kind, spec: plugin.bind(parseConfig(plugin.schema, parseYaml(yaml, "f.yaml")), context) },
    { nq, limits: limitsOf(nq) },
  );
}

export type Matrix = number[][];
/** The tool at rotation R, three joints that turn it about the base's axes. */
export const instant = (R: Matrix): KnotView => ({
  q: new Float64Array(nq),
  v: new Float64Array(nq),
  iq: 0,
  it: 0,
  from,
  tool: Float64Array.from(R.flatMap((row) => [...row, 0])),
  J: Float64Array.from({ length: 18 }, (_, i) => (i >= 9 && (i - 9) % 4 === 0 ? 1 : 0)),
});
