import type { Dimension } from "../../config/index.js";
import { DIMENSIONLESS, didYouMean, jointDimension, sameDimension, unitOf, unitText } from "../../config/index.js";
import { UnknownObjectError } from "../BindError.js";
import type { Expr } from "./Expr.js";
import { ExpressionError } from "./ExpressionError.js";
import type { Binary, Program, Step, Unary } from "./Program.js";

/** The names an expression may use, beside units: `tool`, `q`, `v`, `pi` and the objects' ids. */
export interface Names {
  readonly nq: number;
  readonly slides?: readonly boolean[]; // [nq] joints that slide, in m; absent: none
  readonly objects: readonly string[];
}

/**
 * A compiled part of the expression: the steps that hold its entries, its dimension, and its value if it is a constant.
 */
interface Value {
  readonly slots: readonly number[];
  readonly vector: boolean;
  readonly dimension: Dimension;
  readonly constant?: number; // SI
}

const LENGTH: Dimension = [0, 1, 0, 0];
const ANGLE: Dimension = [0, 0, 0, 1];
const RESERVED = ["tool", "q", "v", "pi"];
const MAX_STEPS = 4_000;

/**
 * Checks names and dimensions and lowers the tree to scalar steps; equal steps are shared. A literal 0 fits every
 * dimension. Unit names win over object ids.
 * @throws ExpressionError, UnknownObjectError
 */
export function compile(root: Expr, names: Names): Program & { dimension: Dimension } {
  const lowering = new Lowering(names);
  const value = lowering.lower(root);
  return { steps: lowering.steps, out: value.slots, objects: lowering.objects, dimension: value.dimension };
}

class Lowering {
  readonly steps: Step[] = [];
  readonly objects: string[] = [];
  private readonly shared = new Map<string, number>();

  constructor(private readonly names: Names) {}

  lower(e: Expr): Value {
    switch (e.kind) {
      case "number":
        return this.constant(e.value, DIMENSIONLESS);
      case "symbol":
        return this.symbol(e.name, e.at);
      case "vector":
        return this.vector(e.items.map((item) => this.lower(item)));
      case "entry": {
        if (e.of.kind === "symbol" && (e.of.name === "q" || e.of.name === "v") && e.index <= this.names.nq)
          return this.joint(e.of.name, e.index - 1);
        const of = this.lower(e.of);
        if (!of.vector || e.index > of.slots.length)
          throw new ExpressionError(
            `got entry [${e.index}] of ${described(of)}, want ${of.vector ? `1 to ${of.slots.length}` : "a vector"}`,
          );
        return { slots: [of.slots[e.index - 1]], vector: false, dimension: of.dimension };
      }
      case "call":
        return this.call(
          e.fn,
          e.args.map((arg) => this.lower(arg)),
        );
      default:
        return e satisfies never;
    }
  }

  private constant(x: number, dimension: Dimension): Value {
    if (!Number.isFinite(x)) throw new ExpressionError(`got a constant part that is ${x}, want finite ones`);
    return { slots: [this.emit(["constant", x])], vector: false, dimension, constant: x };
  }

  private symbol(name: string, at: number): Value {
    const { nq, objects } = this.names;
    const entries = (n: number, step: (i: number) => Step, dimension: Dimension): Value => ({
      slots: Array.from({ length: n }, (_, i) => this.emit(step(i))),
      vector: true,
      dimension,
    });
    if (name === "tool") return entries(3, (i) => ["tool", i], LENGTH);
    if (name === "q" || name === "v") return entries(nq, (i) => [name, i], this.jointsTogether(name));
    if (name === "pi") return this.constant(Math.PI, DIMENSIONLESS);
    const unit = unitOf(name);
    if (unit) return this.constant(unit[0], unit[1]);
    if (objects.includes(name)) {
      let k = this.objects.indexOf(name);
      if (k < 0) k = this.objects.push(name) - 1;
      return entries(3, (i) => ["object", k, i], LENGTH);
    }
    const hint = didYouMean(name, RESERVED);
    if (hint !== "")
      throw new ExpressionError(
        `got '${name}'${hint} at column ${at}, want one of: ${[...RESERVED, ...objects].join(", ")}, or a unit`,
      );
    throw new UnknownObjectError(name, objects);
  }

  /** One joint's position or speed: for a sliding joint in m or m/s. */
  private joint(name: "q" | "v", j: number): Value {
    return {
      slots: [this.emit([name, j])],
      vector: false,
      dimension: jointDimension(this.names.slides?.[j] === true, name === "q" ? 0 : -1),
    };
  }

  /** The dimension of all joints together. @throws ExpressionError if some turn and some slide */
  private jointsTogether(name: "q" | "v"): Dimension {
    const { slides = [] } = this.names,
      turning = slides.indexOf(false),
      sliding = slides.indexOf(true);
    if (turning >= 0 && sliding >= 0)
      throw new ExpressionError(
        `got ${name} of joints that turn (${name}[${turning + 1}]) and joints that slide (${name}[${sliding + 1}]), ` +
          "want single ones",
      );
    return jointDimension(sliding >= 0, name === "q" ? 0 : -1);
  }

  private vector(items: readonly Value[]): Value {
    if (items.length === 0) throw new ExpressionError("got an empty vector, want [x, y, z]");
    if (items.some((item) => item.vector))
      throw new ExpressionError("got a vector inside a vector, want numbers in it");
    const dimension = items.map((item) => item.dimension).find((_, i) => items[i].constant !== 0) ?? items[0].dimension;
    for (const item of items) same("in one vector", { ...items[0], dimension }, item);
    const zero = items.every((item) => item.constant === 0) ? { constant: 0 } : {};
    return { slots: items.flatMap((item) => item.slots), vector: true, dimension, ...zero };
  }

  private call(fn: Extract<Expr, { kind: "call" }>["fn"], args: readonly Value[]): Value {
    const [a, b] = args;
    switch (fn) {
      case "add":
      case "subtract": {
        if (a.vector !== b.vector || a.slots.length !== b.slots.length)
          throw new ExpressionError(
            `got ${described(a)} ${fn === "add" ? "+" : "−"} ${described(b)}, want two of one size`,
          );
        return this.zip(fn, a, b, same(fn === "add" ? "in a sum" : "in a difference", a, b));
      }
      case "negate":
        return {
          ...this.each("negate", a, a.dimension),
          ...(a.constant === undefined ? {} : { constant: -a.constant }),
        };
      case "multiply": {
        if (a.vector && b.vector)
          throw new ExpressionError(`got ${described(a)} * ${described(b)}, want dot(a, b) or a number times a vector`);
        return this.zip("multiply", a, b, plus(a.dimension, b.dimension, 1));
      }
      case "divide":
        if (b.vector) throw new ExpressionError(`got a division by ${described(b)}, want one by a number`);
        if (b.constant === 0) throw new ExpressionError("got a division by 0, want another divisor");
        return this.zip("divide", a, b, plus(a.dimension, b.dimension, -1));
      case "pow": {
        scalar("^", a, b);
        plain("an exponent", b);
        if (b.constant === undefined) plain("the base of an exponent that is no constant", a);
        return this.zip("pow", a, b, scaled(a.dimension, b.constant ?? 0));
      }
      case "square":
        scalar(fn, a);
        return this.zip("multiply", a, a, scaled(a.dimension, 2));
      case "sqrt":
        scalar(fn, a);
        return this.each(fn, a, scaled(a.dimension, 0.5));
      case "abs":
        scalar(fn, a);
        return this.each(fn, a, a.dimension);
      case "exp":
      case "log":
        scalar(fn, a);
        plain(`the argument of ${fn}`, a);
        return this.each(fn, a, DIMENSIONLESS);
      case "sin":
      case "cos":
      case "tan":
        scalar(fn, a);
        if (!sameDimension(a.dimension, ANGLE)) plain(`the argument of ${fn}`, a, "an angle (rad)");
        return this.each(fn, a, DIMENSIONLESS);
      case "atan2":
        scalar(fn, a, b);
        same("in atan2", a, b);
        return this.zip(fn, a, b, ANGLE);
      case "min":
      case "max": {
        scalar(fn, ...args);
        return args.slice(1).reduce((best, next) => this.zip(fn, best, next, same(`in ${fn}`, best, next)), a);
      }
      case "dot":
        if (!a.vector || !b.vector || a.slots.length !== b.slots.length)
          throw new ExpressionError(`got dot of ${described(a)} and ${described(b)}, want two vectors of one length`);
        return this.dot(a, b);
      case "norm":
        if (!a.vector) throw new ExpressionError(`got norm of ${described(a)}, want a vector`);
        return this.each("sqrt", this.dot(a, a), a.dimension);
      default:
        return fn satisfies never;
    }
  }

  private dot(a: Value, b: Value): Value {
    const slot = a.slots
      .map((s, i) => this.emit(["multiply", s, b.slots[i]]))
      .reduce((sum, product) => this.emit(["add", sum, product]));
    return { slots: [slot], vector: false, dimension: plus(a.dimension, b.dimension, 1) };
  }

  private each(op: Unary, a: Value, dimension: Dimension): Value {
    return { slots: a.slots.map((slot) => this.emit([op, slot])), vector: a.vector, dimension };
  }

  /** Entry by entry; a number is combined with every entry of a vector. */
  private zip(op: Binary, a: Value, b: Value, dimension: Dimension): Value {
    const n = Math.max(a.slots.length, b.slots.length);
    const at = (x: Value, i: number): number => x.slots[x.slots.length === 1 ? 0 : i];
    const slots = Array.from({ length: n }, (_, i) => this.emit([op, at(a, i), at(b, i)]));
    const constant =
      a.constant === undefined || b.constant === undefined || n > 1 ? undefined : folded(op, a.constant, b.constant);
    if (constant !== undefined && !Number.isFinite(constant))
      throw new ExpressionError(`got a constant part that is ${constant}, want finite ones`);
    return { slots, vector: a.vector || b.vector, dimension, ...(constant === undefined ? {} : { constant }) };
  }

  private emit(step: Step): number {
    const key = step.join();
    let slot = this.shared.get(key);
    if (slot === undefined) {
      slot = this.steps.push(step) - 1;
      this.shared.set(key, slot);
      if (slot >= MAX_STEPS)
        throw new ExpressionError(`got more than ${MAX_STEPS} operations, want a shorter expression`);
    }
    return slot;
  }
}

/** Constants are followed through the arithmetic only, to know exponents ("x^(1/2)"), zeros and divisors. */
function folded(op: Binary, a: number, b: number): number | undefined {
  if (op === "add") return a + b;
  if (op === "subtract") return a - b;
  if (op === "multiply") return a * b;
  if (op === "divide") return a / b;
  if (op === "pow") return a ** b;
  return undefined;
}

const described = (v: Value): string =>
  v.vector ? `a vector of ${v.slots.length} (${unitText(v.dimension)})` : `a number (${unitText(v.dimension)})`;

/** The common dimension of two values. @throws ExpressionError if there is none */
function same(where: string, a: Value, b: Value): Dimension {
  if (a.constant === 0) return b.dimension;
  if (b.constant !== 0 && !sameDimension(a.dimension, b.dimension))
    throw new ExpressionError(`got ${unitText(a.dimension)} and ${unitText(b.dimension)} ${where}, want one dimension`);
  return a.dimension;
}

function scalar(fn: string, ...args: readonly Value[]): void {
  for (const arg of args) if (arg.vector) throw new ExpressionError(`got ${described(arg)} in ${fn}, want a number`);
}

function plain(noun: string, v: Value, want = "a plain number"): void {
  if (!sameDimension(v.dimension, DIMENSIONLESS))
    throw new ExpressionError(`got ${unitText(v.dimension)} as ${noun}, want ${want}`);
}

const scaled = (d: Dimension, k: number): Dimension => [d[0] * k, d[1] * k, d[2] * k, d[3] * k];
const plus = (a: Dimension, b: Dimension, k: number): Dimension => [
  a[0] + k * b[0],
  a[1] + k * b[1],
  a[2] + k * b[2],
  a[3] + k * b[3],
];
