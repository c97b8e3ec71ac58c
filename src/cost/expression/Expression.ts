import { z } from "zod";
import type { Dimension } from "../../config/index.js";
import { byForm, isMap, parseUnit, sameDimension, shown, unitText } from "../../config/index.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import type { Residual } from "../Residual.js";
import { compile } from "./compile.js";
import type { Expr } from "./Expr.js";
import { ExpressionError } from "./ExpressionError.js";
import { createKernel } from "./kernel.js";
import type { Kernel } from "./kernel.js";
import { parseExpression } from "./parseExpression.js";
import type { Program } from "./Program.js";

export interface ExpressionConfig {
  readonly text: string;
  readonly tree: Expr;
  readonly tolerance: { readonly value: number; readonly dimension: Dimension } | undefined; // SI
}

export interface ExpressionSpec {
  readonly program: Program;
  readonly tolerance: number; // SI, of the expression's own dimension
}

const text = z.string().transform((input, context): { text: string; tree: Expr } => {
  try {
    return { text: input, tree: parseExpression(input) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    context.issues.push({ code: "custom", message: error.message, input });
    return z.NEVER;
  }
});

// length first: the other checks are quadratic in it
const NUMBER_AND_UNIT = /^(?=.{1,80}$)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/;

/** A quantity whose dimension is only known once the expression is bound: `2 cm`, `0.1`. */
const tolerance = z.unknown().transform((input, context): { value: number; dimension: Dimension } => {
  const [, number, unit] = NUMBER_AND_UNIT.exec(String(input)) ?? [];
  const [factor, dimension] =
    unit === "" ? [1, [0, 0, 0, 0] as Dimension] : (parseUnit(unit ?? "?") ?? [NaN, [0, 0, 0, 0] as Dimension]);
  const value = Number(number) * factor;
  if (value > 0 && Number.isFinite(value)) return { value, dimension };
  context.issues.push({
    code: "custom",
    message: `got ${shown(input)}, want a tolerance above zero with the expression's unit ('2 cm')`,
    input,
  });
  return z.NEVER;
});

const short = text.transform((value): ExpressionConfig => ({
  ...value,
  tolerance: undefined,
})) as unknown as z.ZodType<ExpressionConfig>;
const long = z.strictObject({ value: text, tolerance: tolerance.optional() }).transform((c): ExpressionConfig => ({
  ...c.value,
  tolerance: c.tolerance,
})) as unknown as z.ZodType<ExpressionConfig>;

/** `"norm(tool - puck)"` or `{ value: "norm(tool - puck)", tolerance: 5 cm }`. */
const schema = byForm<ExpressionConfig>("an expression or { value: expression, tolerance }", (input) => {
  if (typeof input === "string") return short;
  return isMap(input) ? long : undefined;
});

/**
 * Default tolerances: those of the goals for lengths and angles, and otherwise small values for an arm's joints.
 */
const DEFAULTS: readonly (readonly [Dimension, number])[] = [
  [[0, 1, 0, 0], 0.02],
  [[0, 0, 0, 1], (5 * Math.PI) / 180],
  [[0, 0, -1, 1], 0.05],
  [[0, 0, 0, 0], 0.05],
];

/**
 * An expression to be brought to zero: r = f(tool, q, v, objects)/ε, ∂r/∂q = (∂f/∂tool · J_lin + ∂f/∂q)/ε. A vector is
 * one block, and so is a number. ∂f/∂v is not part of the Jacobian, which is with respect to q only.
 */
export class Expression implements Residual {
  readonly name = "expression";
  readonly dim: number;
  readonly blocks: readonly number[];
  private readonly kernel: Kernel;

  constructor(
    private readonly spec: ExpressionSpec,
    private readonly nq: number,
  ) {
    this.kernel = createKernel(spec.program);
    this.dim = spec.program.out.length;
    this.blocks = [this.dim];
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { kernel, nq } = this;
    const { program, tolerance } = this.spec;
    kernel.forward(x);
    for (let o = 0; o < this.dim; o++) r[o] = kernel.value[program.out[o]] / tolerance;
    if (J === undefined) return;
    J.fill(0, 0, this.dim * nq);
    for (let o = 0; o < this.dim; o++) {
      kernel.backward(o);
      for (let i = 0; i < program.steps.length; i++) {
        const step = program.steps[i];
        const s = kernel.slope[i] / tolerance;
        if (s === 0) continue;
        if (step[0] === "q") J[o * nq + step[1]] += s;
        else if (step[0] === "tool") for (let j = 0; j < nq; j++) J[o * nq + j] += s * x.J[step[1] * nq + j];
      }
    }
  }
}

/** `expression: "norm(v)"` or `expression: { value: "norm(v)", tolerance: 1 rad/s }` */
export const expression: GoalPlugin<ExpressionConfig, ExpressionSpec> = {
  movesThings: true,
  schema,
  bind({ tree, tolerance }, { jointNames, slides, objects }) {
    const { dimension, ...program } = compile(tree, { nq: jointNames.length, slides, objects });
    const usual = DEFAULTS.find(([d]) => sameDimension(d, dimension))?.[1];
    if (tolerance === undefined && usual === undefined)
      throw new ExpressionError(
        `got no tolerance for an expression in ${unitText(dimension)}, want { value, tolerance }`,
      );
    if (tolerance !== undefined && !sameDimension(tolerance.dimension, dimension)) {
      throw new ExpressionError(
        `got a tolerance in ${unitText(tolerance.dimension)} for an expression in ${unitText(dimension)}, want the ` +
          "same unit",
      );
    }
    return { program, tolerance: tolerance?.value ?? usual! };
  },
  create: (spec, { nq }) => new Expression(spec, nq),
};
