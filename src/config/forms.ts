import { z } from "zod";

/**
 * How the values of a schema with a custom parser are written. The list of keys needs it, because zod only has a
 * function there.
 */
export interface Form {
  readonly type: string; // in words
  readonly unit?: string;
  readonly range?: { readonly min?: number; readonly max?: number; readonly above?: number };
  readonly keys?: z.ZodType; // a map with the keys of this schema, in one of the ways it may be written
  // a map with exactly one of these keys, and beside it those of `keys`
  readonly oneOf?: Readonly<Record<string, z.ZodType>>;
}

const registry = z.registry<{ form: unknown }>(); // finds clones too, which `describe` makes

export const setForm = (schema: z.ZodType, form: Form): unknown => registry.add(schema, { form });
export const formOf = (schema: z.ZodType): Form | undefined => registry.get(schema)?.form as Form | undefined;
