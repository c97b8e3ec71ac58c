import type { Agent } from "../../src/agent/Agent.js";
import type { Plan } from "../../src/core/Plan.js";
import { levelsOf } from "../agent/levelsOf.js";

/** Every plan of the top level but the first comes when the next is made, as on a busy machine. */
export function latePlans(agent: Agent): void {
  const [level] = levelsOf(agent);
  const plan = level.plan.bind(level);
  let last: Plan | undefined;
  level.plan = async (...request) => {
    const before = last;
    last = await plan(...request);
    return before ?? last;
  };
}
