import { z } from "zod";
import { setForm } from "./forms.js";
import { describeIssue, shown } from "./parseConfig.js";

/**
 * A value that may be written in several forms: `choose` returns the schema of its form, or undefined if it has none.
 * Unlike in a union, the errors are those of the chosen form, at their exact place.
 */
export function byForm<T>(want: string, choose: (input: unknown) => z.ZodType<T> | undefined): z.ZodType<T> {
  const schema = z.unknown().transform((input, context) => {
    const schema = choose(input);
    if (schema === undefined) {
      context.issues.push({ code: "custom", message: `got ${shown(input)}, want ${want}`, input });
      return z.NEVER;
    }
    const result = schema.safeParse(input, { error: describeIssue });
    if (result.success) return result.data;
    adopt(context, result.error.issues);
    return z.NEVER;
  });
  setForm(schema, { type: want.replace(/^an? /, "") });
  return schema;
}

/** Passes the issues of an inner parse on, as issues of the value at `prefix` of the outer one. */
export function adopt(
  context: { issues: unknown[] },
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): void {
  for (const issue of issues) context.issues.push({ ...issue, path: [...prefix, ...issue.path], input: undefined });
}

export const isMap = (input: unknown): input is Record<string, unknown> =>
  typeof input === "object" && input !== null && !Array.isArray(input);
