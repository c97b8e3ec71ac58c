import type { Thing } from "../../core/Thing.js";

/** How a thing may lie relative to another. */
export const RELATIONS = ["on", "in", "beside", "left_of", "right_of", "in_front_of", "behind"] as const;
export type RelationKind = (typeof RELATIONS)[number];

/**
 * A relation of two things, bound. Plain data, which the planner of tasks reads too. The word `stacked`, and the goal
 * `all`, become relations of these kinds.
 */
export interface RelationSpec {
  readonly kind: RelationKind;
  readonly object: string; // id of what is to be moved
  readonly other: string; // id of what it is relative to
  readonly tolerance: number; // m
  readonly gap?: number; // m, of `beside`: the greatest between the two
  readonly shapes?: RelatedShapes; // of an agent with a hand, which must also have let go
}

/** The shapes of two things that are related. */
export interface RelatedShapes {
  readonly object: Thing;
  readonly other: Thing;
  readonly fixed: boolean; // whether the other's parts are in the base frame; else in its own
}
