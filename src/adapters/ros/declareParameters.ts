import rclnodejs from "rclnodejs";
import type { ParameterRule } from "./rosArguments.js";

type Value = string | boolean | number | bigint | readonly string[];

/** A parameter: its default, its purpose, and its valid values. `check` throws an error that says what is wrong. */
export interface Declaration<T extends Value> {
  readonly value: T;
  readonly description: string;
  readonly range?: readonly [number, number];
  readonly readOnly?: boolean;
  readonly check?: (value: T) => unknown;
}

export type Declarations<T> = { readonly [K in keyof T]: T[K] extends Value ? Declaration<Widened<T[K]>> : never };
type Widened<T> = T extends string
  ? string
  : T extends boolean
    ? boolean
    : T extends number
      ? number
      : T extends bigint
        ? bigint
        : T;

/**
 * rclnodejs publishes of a range only that it exists: its `toMessage` reads it under another name. Also, its ranges
 * have a step of 1 by default.
 */
class RangedDescriptor extends rclnodejs.ParameterDescriptor {
  constructor(name: string, type: rclnodejs.ParameterType, { description, readOnly, range }: Declaration<Value>) {
    super(
      name,
      type,
      description,
      readOnly ?? false,
      range &&
        (type === rclnodejs.ParameterType.PARAMETER_INTEGER
          ? new rclnodejs.IntegerRange(BigInt(range[0]), BigInt(range[1]), 1n)
          : new rclnodejs.FloatingPointRange(range[0], range[1], 0)),
    );
    this.limits = range;
  }
  private readonly limits: readonly [number, number] | undefined;

  override toMessage(): rclnodejs.rcl_interfaces.msg.ParameterDescriptor {
    const message = super.toMessage();
    const [from_value, to_value] = this.limits ?? [];
    if (this.limits && this.type === rclnodejs.ParameterType.PARAMETER_INTEGER)
      Object.assign(message, {
        integer_range: [{ from_value: BigInt(from_value!), to_value: BigInt(to_value!), step: 1n }],
      });
    else if (this.limits) Object.assign(message, { floating_point_range: [{ from_value, to_value, step: 0 }] });
    return message;
  }
}

/**
 * Values of parameters: from the last rule that names them, else from `defaults`, else their own default.
 * @throws ConfigError, RangeError for an invalid value
 */
export function parameterValues<T>(
  declarations: Declarations<T>,
  rules: readonly ParameterRule[],
  defaults: { readonly [K in keyof T]?: unknown },
): T {
  const values: Record<string, Value> = {};
  for (const [name, declaration] of Object.entries(declarations) as [string, Declaration<Value>][]) {
    const rule = rules.findLast((r) => r.name === name);
    const value = (values[name] =
      rule === undefined
        ? ((defaults as Record<string, Value | undefined>)[name] ?? declaration.value)
        : fit(rule, declaration.value));
    const [low, high] = declaration.range ?? [-Infinity, Infinity];
    if ((typeof value === "number" || typeof value === "bigint") && !(value >= low && value <= high))
      throw new RangeError(`parameter ${name}: got ${value}, want ${low} to ${high}`);
    declaration.check?.(value);
  }
  return values as T;
}

/**
 * Declares parameters with these values. Returns a check of later values: the reason for a refusal, or undefined.
 * @throws ConfigError, RangeError for an invalid value
 */
export function declareParameters<T>(
  node: rclnodejs.Node,
  declarations: Declarations<T>,
  rules: readonly ParameterRule[],
  defaults: { readonly [K in keyof T]?: unknown },
): (name: keyof T, value: unknown) => string | undefined {
  const values = parameterValues(declarations, rules, defaults) as Record<string, Value>;
  for (const [name, declaration] of Object.entries(declarations) as [string, Declaration<Value>][]) {
    const type = typeOf(declaration.value);
    node.declareParameter(
      new rclnodejs.Parameter(name, type, values[name]),
      new RangedDescriptor(name, type, declaration),
    );
  }
  return (name, value) => {
    try {
      (declarations[name] as unknown as Declaration<Value>).check?.(value as Value);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
}

function typeOf(value: Value): rclnodejs.ParameterType {
  if (typeof value === "string") return rclnodejs.ParameterType.PARAMETER_STRING;
  if (typeof value === "boolean") return rclnodejs.ParameterType.PARAMETER_BOOL;
  if (typeof value === "bigint") return rclnodejs.ParameterType.PARAMETER_INTEGER;
  return typeof value === "number"
    ? rclnodejs.ParameterType.PARAMETER_DOUBLE
    : rclnodejs.ParameterType.PARAMETER_STRING_ARRAY;
}

/**
 * The value of a rule, in the type of the parameter. For a text parameter the typed text counts, whatever YAML would
 * make of it: a whole task, or `3`.
 */
function fit({ name, value, text }: ParameterRule, like: Value): Value {
  if (typeof like === "string" && text !== undefined && typeof value !== "string") return text;
  if (
    typeof like === typeof value &&
    Array.isArray(like) === Array.isArray(value) &&
    (!Array.isArray(value) || value.every((x) => typeof x === "string"))
  )
    return value as Value;
  if (typeof like === "bigint" && Number.isSafeInteger(value)) return BigInt(value as number);
  const want = {
    string: "a text",
    boolean: "true or false",
    number: "a number",
    bigint: "a whole number",
    object: "a list of texts",
  }[typeof like as string];
  throw new RangeError(`parameter ${name}: got ${text ?? JSON.stringify(value)}, want ${want}`);
}
