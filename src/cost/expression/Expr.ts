import type { functions } from "./functions.js";

/** The syntax tree of an expression after the whitelist: plain data, free of mathjs. */
export type Expr =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly name: string; readonly at: number } // column in the text, from 1
  | { readonly kind: "vector"; readonly items: readonly Expr[] }
  | { readonly kind: "entry"; readonly of: Expr; readonly index: number } // from 1
  | {
      readonly kind: "call";
      readonly fn: keyof typeof functions | "add" | "subtract" | "multiply" | "divide" | "pow" | "negate";
      readonly args: readonly Expr[];
    };
