import { parseConfig, parseYaml } from "../../src/config/index.js";
import { createGoal, goals } from "../../src/cost/index.js";
import type { BindContext, Plugin, Residual } from "../../src/cost/index.js";
import { limitsOf } from "./oracleArm.js";

/** A goal as YAML writes it, bound to an arm of nq joints in a world of `puck` and `mark`. */
export function residualOf(kind: keyof typeof goals, yaml: string, nq: number): Residual {
  const plugin = goals[kind] as unknown as Plugin<unknown, unknown, Residual>;
  const context: BindContext = {
    jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
    objects: ["puck", "mark"],
    predicted: ["puck", "mark"],
  };
  // a specification crosses threads
  const spec = structuredClone(plugin.bind(parseConfig(plugin.schema, parseYaml(yaml, "f.yaml")), context));
  return createGoal({ kind, spec }, { nq, limits: limitsOf(nq) });
}
