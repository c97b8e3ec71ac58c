import type { z } from "zod";
import type { JointLimits } from "../core/JointLimits.js";
import type { Percept } from "../core/Percept.js";
import type { Picture } from "./goals/readPng.js";
import type { LearnedTerms } from "./LearnedTerms.js";
import type { Residual } from "./Residual.js";

/** What the agent knows when a task is bound to it. */
export interface BindContext {
  readonly jointNames: readonly string[];
  readonly endless?: readonly boolean[]; // [nq] joints that are in the same place a turn on; absent: none
  readonly slides?: readonly boolean[]; // [nq] joints that slide, told of in m; absent: not known
  readonly objects: readonly string[]; // ids that are believed in now
  readonly predicted: readonly string[]; // ids of the objects whose motion some world model of this agent predicts
  // the images that it understands, if any
  readonly images?: { readonly camera: string; readonly width: number; readonly height: number };
  readonly folder?: string; // of the task file, which paths in it are relative to
  readonly folders?: readonly string[]; // below one of which they must lead; anywhere where it is not given
}

/** What a term may ask of the thread that evaluates it. Plain data. */
export interface CreateContext {
  readonly nq: number;
  readonly limits: JointLimits;
}

/**
 * A kind of goal or cost. Its life has three stages, because planners live in other threads:
 * `schema` checks what the YAML says; `bind` resolves names against this agent, where the task is accepted, into plain
 * data that can be posted to a worker; `create` makes the evaluable term from that data, in whichever thread needs it.
 */
export interface Plugin<Config, Spec, Term> {
  readonly schema: z.ZodType<Config>;
  /** @throws BindError */
  bind(config: Config, context: BindContext): Spec;
  create(spec: Spec, context: CreateContext): Term;
}

/** A kind of goal; what else may be asked of one. */
export interface GoalPlugin<Config = unknown, Spec = unknown> extends Plugin<Config, Spec, Residual> {
  /** It is about things: somebody must know how they move, and where it holds the arm stops as soon as it can. */
  readonly movesThings?: boolean;
  /** Whether a world model must have learned what it asks for. */
  readonly needsModel?: boolean;
  /** The same goal once its pictures have been encoded; absent: it has none. */
  see?(spec: Spec, encode: (picture: Picture) => Promise<Percept>): Promise<Spec>;
  /** What it asks of a level with a learned model; absent: the cost that it is at every level. */
  learned?(spec: Spec, terms: LearnedTerms): void;
}
