/** What one step of a program does. Arguments `a`, `b` are earlier steps. */
export type Step =
  | readonly ["constant", number] // SI
  | readonly ["tool", number] // m, entry of the tool's position
  | readonly ["q" | "v", number] // rad, rad/s
  | readonly ["object", number, number] // m, entry of the position of objects[i]
  | readonly [Unary, number]
  | readonly [Binary, number, number];

export type Unary = "negate" | "abs" | "sqrt" | "exp" | "log" | "sin" | "cos" | "tan";
export type Binary = "add" | "subtract" | "multiply" | "divide" | "pow" | "min" | "max" | "atan2";

/**
 * A compiled expression: scalar steps in single-assignment order, each value SI. Plain JSON, so that it can be posted
 * to a planner's thread, which then needs neither mathjs nor the text.
 */
export interface Program {
  readonly steps: readonly Step[];
  readonly out: readonly number[]; // the steps whose values are the result: one, or the entries of a vector
  readonly objects: readonly string[]; // ids
}
