import { z } from "zod";
import { adopt, isMap } from "./byForm.js";
import { setForm } from "./forms.js";
import { describeIssue, shown } from "./parseConfig.js";
import { didYouMean } from "./didYouMean.js";
import { printable } from "./YamlDocument.js";

/**
 * The result of `oneKey` for a map: which of the table's keys it has, the value parsed by that key's schema, and the
 * other fields.
 */
export type OneOf<T extends Record<string, z.ZodType>> = {
  [K in keyof T & string]: { kind: K; config: z.output<T[K]> };
}[keyof T & string];

/**
 * A map with exactly one key out of `table`, and beside it the fields of `shape`: `{ box: {…} }`, `{ id: wall, box: {…}
 * }`, `{ tool_pose: {…}, weight: 2 }`. Used for shapes, goals, costs and guardrails.
 */
export function oneKey<T extends Record<string, z.ZodType>, S extends z.ZodRawShape = Record<never, never>>(
  noun: string,
  table: T,
  shape?: S,
): z.ZodType<OneOf<T> & z.output<z.ZodObject<S>>> {
  const kinds = Object.keys(table);
  const rest = z.object(shape ?? {});
  const known = [...Object.keys(shape ?? {}), ...kinds];
  const schema = z.unknown().transform((input, context) => {
    const fail = (message: string, key?: string): void => {
      context.issues.push({
        code: "custom",
        message,
        input,
        path: key === undefined ? [] : [key],
        params: key === undefined ? {} : { at: "key" },
      });
    };
    if (!isMap(input)) {
      fail(`got ${shown(input)}, want ${noun}: a map with one of: ${kinds.join(", ")}`);
      return z.NEVER;
    }
    const found = Object.keys(input).filter((key) => Object.hasOwn(table, key));
    for (const key of Object.keys(input)) {
      if (!known.includes(key))
        fail(`got key '${printable(key, 40)}'${didYouMean(key, known)}, want one of: ${known.join(", ")}`, key);
    }
    if (found.length === 0 && context.issues.length === 0)
      fail(`got no ${noun.replace(/^an? /, "")}, want one of: ${kinds.join(", ")}`);
    if (found.length > 1)
      fail(`got '${found[0]}' and '${found[1]}' together, want one of them in each entry`, found[1]);

    const others = rest.safeParse(input, { error: describeIssue });
    if (!others.success) adopt(context, others.error.issues);
    const kind = found[0];
    const config = kind === undefined ? undefined : table[kind].safeParse(input[kind], { error: describeIssue });
    if (config && !config.success) adopt(context, config.error.issues, [kind]);
    if (context.issues.length > 0 || !config?.success) return z.NEVER;
    return { ...others.data, kind, config: config.data };
  });
  setForm(schema, { type: noun.replace(/^an? /, ""), oneOf: table, keys: rest });
  return schema as unknown as z.ZodType<OneOf<T> & z.output<z.ZodObject<S>>>;
}
