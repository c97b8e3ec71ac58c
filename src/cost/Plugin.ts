import type { z } from "zod";
import type { JointLimits } from "../core/JointLimits.js";
import type { Percept } from "../core/Percept.js";
import type { Thing } from "../core/Thing.js";
import type { Picture } from "./goals/readPng.js";
import type { LearnedTerms } from "./LearnedTerms.js";
import type { Residual } from "./Residual.js";

/** The agent's properties and beliefs when a task is bound to it. */
export interface BindContext {
  readonly jointNames: readonly string[];
  readonly endless?: readonly boolean[]; // [nq] joints whose pose repeats after a full turn; absent: none
  readonly slides?: readonly boolean[]; // [nq] joints that slide, in m; absent: unknown
  readonly objects: readonly string[]; // ids of the known objects
  readonly predicted: readonly string[]; // ids of the objects whose motion some world model of this agent predicts
  readonly hand?: boolean; // whether its top level plans steps with a hand: it can then move whatever it believes in
  readonly things?: readonly Thing[]; // movable ones whose shapes are known
  readonly fixedThings?: readonly Thing[]; // fixed ones: bins, shelves, tables; shapes in the base frame
  // the images that its world model takes, if any
  readonly images?: { readonly camera: string; readonly width: number; readonly height: number };
  readonly folder?: string; // of the task file, which paths in it are relative to
  readonly folders?: readonly string[]; // below one of which these paths must lie; default: anywhere
}

/** What a term gets from the thread that evaluates it. Plain data. */
export interface CreateContext {
  readonly nq: number;
  readonly limits: JointLimits;
}

/**
 * A kind of goal or cost. Its life has three stages, because planners live in other threads:
 * `schema` checks the YAML; `bind` resolves names for this agent, when the task is accepted, into plain data that can
 * be posted to a worker; `create` makes the term from that data, in each thread that needs it.
 */
export interface Plugin<Config, Spec, Term> {
  readonly schema: z.ZodType<Config>;
  /** @throws BindError */
  bind(config: Config, context: BindContext): Spec;
  create(spec: Spec, context: CreateContext): Term;
}

/** A bound goal: plain data that can be posted to another thread and made into a Residual there. */
export interface GoalSpec {
  readonly kind: string;
  readonly spec: unknown;
}

/** A way to write several goals as one. */
export interface GoalGroup<Config = unknown> {
  readonly schema: z.ZodType<Config>;
  needsHand?(config: Config): boolean;
  /** @throws BindError */
  expand(config: Config, context: BindContext): readonly GoalSpec[];
}

/** A kind of goal, with further properties. */
export interface GoalPlugin<Config = unknown, Spec = unknown> extends Plugin<Config, Spec, Residual> {
  /**
   * The goal is about objects: a model must predict their motion, and once it holds the arm stops as soon as it can.
   */
  readonly movesThings?: boolean;
  /** Whether the goal needs a prediction of how things move: a learned world model, or a planner of tasks. */
  readonly needsModel?: boolean;
  /** Whether the goal, as written, needs a hand, since no push leads to it. */
  needsHand?(config: Config): boolean;
  /** The goal as several goals, bound, if it stands for them; absent, or undefined: it is one. @throws BindError */
  expand?(config: Config, context: BindContext): readonly GoalSpec[] | undefined;
  /** The same goal with its pictures encoded; absent: it has none. */
  see?(spec: Spec, encode: (picture: Picture) => Promise<Percept>): Promise<Spec>;
  /** Its terms for a level with a learned model; absent: the same cost as for other levels. */
  learned?(spec: Spec, terms: LearnedTerms): void;
}
