import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as mathjs from "mathjs";
import { printable, shown } from "../../config/index.js";
import { ExpressionError } from "./ExpressionError.js";
import type { Expr } from "./Expr.js";
import { functions } from "./functions.js";

export const MAX_LENGTH = 2_000;
export const MAX_NODES = 200;
const MAX_DEPTH = 50;

/**
 * Text → syntax tree, by mathjs's parser and a whitelist over its nodes. mathjs only parses here: it never evaluates,
 * and none of its nodes are kept. It is loaded on first use (about 0.2 s, 18 MB), so that agents without expressions do
 * not pay for it.
 * @throws ExpressionError naming the part that is not allowed and its column in the text (from 1)
 */
export function parseExpression(text: string): Expr {
  if (text.length > MAX_LENGTH) throw new ExpressionError(`got ${text.length} characters, want at most ${MAX_LENGTH}`);
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([{".includes(text[i]) && ++depth > MAX_DEPTH)
      throw new ExpressionError(`got brackets nested deeper than ${MAX_DEPTH} at column ${i + 1}, want fewer`);
    if (")]}".includes(text[i])) depth--;
  }
  // characters that no allowed expression contains; this message is clearer than the parser's
  const forbidden = /["'`\\;\n\r#={}?@$&|!<>~]/.exec(text);
  if (forbidden) throw notAllowed(shown(forbidden[0]), forbidden.index);
  let root: mathjs.MathNode;
  try {
    root = parser()(text);
  } catch (error) {
    const reason = error instanceof RangeError ? "nested too deeply" : printable((error as Error).message, 80);
    throw new ExpressionError(`got ${shown(text)} (${reason}), want an expression`);
  }
  const budget = { nodes: 0 };
  return convert(root, text, budget, 0);
}

let loaded: ((text: string) => mathjs.MathNode) | undefined;

/** Loads the parser now, while the arm is at rest, rather than with the first expression, perhaps in motion. */
export const prepareExpressions = (): void => void parser();

/**
 * mathjs's parser from its own files: the whole plain-number entry point takes twice the time and memory, the full one
 * five times. Its version is pinned.
 */
function parser(): (text: string) => mathjs.MathNode {
  if (loaded === undefined) {
    const require = createRequire(import.meta.url);
    const library = join(dirname(require.resolve("mathjs/package.json")), "lib", "cjs");
    const { create } = require(join(library, "core", "create.js")) as Pick<typeof mathjs, "create">;
    const { parseDependencies } = require(
      join(library, "entry", "dependenciesNumber", "dependenciesParse.generated.js"),
    ) as Pick<typeof mathjs, "parseDependencies">;
    const math = create({ parseDependencies });
    loaded = (text) => math.parse(text);
  }
  return loaded;
}

const OPERATORS: Readonly<Record<string, Extract<Expr, { kind: "call" }>["fn"]>> = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "divide",
  pow: "pow",
  unaryMinus: "negate",
};

function convert(node: mathjs.MathNode, text: string, budget: { nodes: number }, depth: number): Expr {
  if (++budget.nodes > MAX_NODES)
    throw new ExpressionError(`got more than ${MAX_NODES} parts, want a shorter expression`);
  if (depth > 2 * MAX_DEPTH)
    throw new ExpressionError(`got parts nested deeper than ${2 * MAX_DEPTH}, want a flatter expression`);
  const inner = (child: mathjs.MathNode): Expr => convert(child, text, budget, depth + 1);
  switch (node.type) {
    case "ConstantNode": {
      const value = (node as mathjs.ConstantNode).value as unknown;
      if (typeof value !== "number" || !Number.isFinite(value))
        throw new ExpressionError(`got the constant ${shown(value)}, want a finite number`);
      return { kind: "number", value };
    }
    case "SymbolNode": {
      const name = (node as mathjs.SymbolNode).name;
      return { kind: "symbol", name, at: place(text, name) };
    }
    case "ParenthesisNode":
      return inner((node as mathjs.ParenthesisNode).content);
    case "ArrayNode":
      return { kind: "vector", items: (node as mathjs.ArrayNode).items.map(inner) };
    case "OperatorNode": {
      const { fn, op, args, isPercentage } = node as mathjs.OperatorNode & { isPercentage?: boolean };
      if (fn === ("unaryPlus" as string)) return inner(args[0]);
      if (!Object.hasOwn(OPERATORS, fn) || isPercentage) throw notAllowed(`the operator '${op}'`, text.indexOf(op));
      return { kind: "call", fn: OPERATORS[fn], args: args.map(inner) };
    }
    case "FunctionNode": {
      const callee = (node as mathjs.FunctionNode).fn as unknown as mathjs.MathNode;
      const name = callee.type === "SymbolNode" ? (callee as mathjs.SymbolNode).name : callee.toString();
      if (callee.type !== "SymbolNode" || !Object.hasOwn(functions, name)) {
        const at = text.indexOf(name);
        throw new ExpressionError(
          `got the function '${printable(name, 40)}' at column ${at + 1}, want one of: ` +
            `${Object.keys(functions).join(", ")}`,
        );
      }
      const args = (node as mathjs.FunctionNode).args;
      const [least, most] = functions[name as keyof typeof functions];
      if (args.length < least || args.length > most) {
        throw new ExpressionError(
          `got ${args.length} arguments of '${name}' at column ${text.indexOf(name) + 1}, ` +
            `want ${countWanted(least, most)}`,
        );
      }
      return { kind: "call", fn: name as keyof typeof functions, args: args.map(inner) };
    }
    case "AccessorNode": {
      const { object, index } = node as mathjs.AccessorNode & { index: mathjs.IndexNode & { dotNotation: boolean } };
      const [dimension] = index.dimensions;
      const number =
        dimension?.type === "ConstantNode" ? ((dimension as mathjs.ConstantNode).value as unknown) : undefined;
      const optional = (node as { optionalChaining?: boolean }).optionalChaining;
      if (
        index.dotNotation ||
        optional ||
        index.dimensions.length !== 1 ||
        typeof number !== "number" ||
        !Number.isInteger(number) ||
        number < 1
      ) {
        const part = node.toString();
        throw new ExpressionError(
          `got '${printable(part, 40)}' at column ${Math.max(0, text.indexOf(index.dotNotation ? "." : "[")) + 1}, ` +
            "want an entry by its number, from 1: tool[3]",
        );
      }
      return { kind: "entry", of: inner(object), index: number };
    }
    default: {
      const part = node.toString();
      throw notAllowed(`'${printable(part, 40)}'`, text.indexOf(part.slice(0, 1)));
    }
  }
}

const notAllowed = (part: string, at: number): ExpressionError =>
  new ExpressionError(
    `got ${part} at column ${Math.max(0, at) + 1}, want only numbers with units, + - * / ^, [x, y, z], entries like ` +
      "tool[3], names and functions",
  );

/** Column of a name in the text, from 1. */
const place = (text: string, name: string): number =>
  Math.max(0, text.search(new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, "\\$&")}(?!\\w)`))) + 1;

function countWanted(least: number, most: number): string {
  if (most === least) return `${least}`;
  return most === Infinity ? `at least ${least}` : `${least} to ${most}`;
}
