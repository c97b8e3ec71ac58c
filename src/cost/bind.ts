import { dirname, isAbsolute } from "node:path";
import { didYouMean, formatPath, printable } from "../config/index.js";
import { BindError } from "./BindError.js";
import type { CostTerm } from "./CostTerm.js";
import type { BindContext, CreateContext, GoalSpec } from "./Plugin.js";
import { costs, goalGroups, goals } from "./plugins.js";
import type { Residual } from "./Residual.js";
import { ResidualCost } from "./terms/ResidualCost.js";
import type { ResidualCostOptions } from "./terms/ResidualCost.js";
import type { Task, TaskConfig } from "./Task.js";

/** A bound cost and its weight: plain data. */
export interface CostSpec {
  readonly kind: string;
  readonly spec: unknown;
  readonly weight: number;
}

/** A task fitted to an agent: plain data throughout. */
export interface TaskSpec {
  readonly name: string;
  readonly hold: number; // s
  readonly timeout: number; // s
  readonly goal: readonly GoalSpec[];
  readonly costs: readonly CostSpec[];
  readonly guardrails: TaskConfig["guardrails"];
}

/**
 * Fits a task to an agent: joint names and object ids are resolved, expressions checked for dimensions and compiled.
 * @throws BindError (UnknownObjectError, CapabilityError, ExpressionError) whose message starts with file:line:col path
 */
export function bindTask({ config, document }: Task, agent: BindContext): TaskSpec {
  // a text from an action goal has no folder
  const folder = isAbsolute(document.file) ? dirname(document.file) : agent.folders?.[0];
  const context: BindContext = { folder, ...agent };
  const located = <T>(prefix: readonly PropertyKey[], bind: () => T): T => {
    try {
      return bind();
    } catch (error) {
      if (!(error instanceof BindError)) throw error;
      const path = [...prefix, ...error.path];
      const { line, col } = document.locate(path);
      error.message = `${document.file}:${line}:${col} ${formatPath(path)}: ${error.message}`;
      throw error;
    }
  };
  return {
    name: config.name,
    hold: config.hold,
    timeout: config.timeout,
    goal: config.goal.flatMap(({ kind, config: c }, i) => located(["goal", i, kind], () => bindGoal(kind, c, context))),
    costs: config.costs.flatMap(({ kind, config: c, weight }, i) =>
      located(["costs", i, kind], () =>
        costs.has(kind)
          ? [{ kind, weight, spec: costs.of(kind).bind(c, context) }]
          : bindGoal(kind, c, context).map((goal) => ({ ...goal, weight })),
      ),
    ),
    guardrails: config.guardrails,
  };
}

/** A goal as written, or the goals that it stands for. @throws BindError */
function bindGoal(kind: string, config: unknown, context: BindContext): readonly GoalSpec[] {
  if (goalGroups.has(kind)) return goalGroups.of(kind).expand(config, context);
  const goal = goals.of(kind);
  return goal.expand?.(config, context) ?? [{ kind, spec: goal.bind(config, context) }];
}

/** The costs of a level, from the agent file's map of names and weights. @throws BindError */
export function bindCosts(weights: Readonly<Record<string, number>>, context: BindContext): CostSpec[] {
  return Object.entries(weights).map(([kind, weight]) => {
    // only terms without options of their own can be named by weight alone
    const config = costs.has(kind) ? costs.of(kind).schema.safeParse({}) : undefined;
    if (!config?.success) {
      const simple = costs.names.filter((name) => costs.of(name).schema.safeParse({}).success);
      throw new BindError(
        "UNKNOWN_COST",
        `got the cost '${printable(kind, 40)}'${didYouMean(kind, simple)}, want one of: ${simple.join(", ")}`,
        [kind],
      );
    }
    return { kind, weight, spec: costs.of(kind).bind(config.data, context) };
  });
}

/** The Residual of a bound goal, in the thread that evaluates it. */
export const createGoal = ({ kind, spec }: GoalSpec, context: CreateContext): Residual =>
  goals.of(kind).create(spec, context);

/** The CostTerm of a bound cost (or goal: then as a ResidualCost). Its weight stays with the spec. */
export function createCost(
  { kind, spec }: Pick<CostSpec, "kind" | "spec">,
  context: CreateContext,
  options?: ResidualCostOptions,
): CostTerm {
  if (costs.has(kind)) return costs.of(kind).create(spec, context);
  return new ResidualCost(createGoal({ kind, spec }, context), options);
}
