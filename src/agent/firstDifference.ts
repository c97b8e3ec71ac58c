/** The first place, by its keys, at which two plans (or any plain data) differ in their bits. */
export function firstDifference(
  recorded: unknown,
  replayed: unknown,
  field = "",
): { readonly field: string; readonly recorded: unknown; readonly replayed: unknown } | undefined {
  if (Object.is(recorded, replayed)) return undefined;
  if (!isComposite(recorded) || !isComposite(replayed)) return { field, recorded, replayed };
  const [left, right] = [recorded, replayed].map((x) => ("length" in x ? (x.length as number) : 0));
  if (left !== right) return { field: `${field}.length`, recorded: left, replayed: right };
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(replayed)])) {
    const found = firstDifference(recorded[key], replayed[key], field === "" ? key : `${field}[${key}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isComposite = (x: unknown): x is Record<string, unknown> => typeof x === "object" && x !== null;
