import type { Agent } from "../../src/agent/Agent.js";
import type { Level } from "../../src/planner/hierarchy/Level.js";

interface Inside {
  readonly levels: readonly { readonly parts: { readonly level: Level } }[];
}

/** An agent's levels, which it keeps to itself. */
export const levelsOf = (agent: Agent): readonly Level[] =>
  (agent as unknown as Inside).levels.map(({ parts }) => parts.level);
