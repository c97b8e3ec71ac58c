import type { z } from "zod";
import { ConfigError } from "./ConfigError.js";
import type { Problem } from "./ConfigError.js";
import { didYouMean } from "./didYouMean.js";
import { formatPath, printable } from "./YamlDocument.js";
import type { Path, YamlDocument } from "./YamlDocument.js";

/** Checks a document against a schema. @throws ConfigError naming every problem with its place */
export function parseConfig<T extends z.ZodType>(schema: T, document: YamlDocument): z.output<T> {
  const result = schema.safeParse(document.value, { error: describeIssue });
  if (result.success) return result.data;
  const problems: Problem[] = [];
  let all = 0;
  for (const issue of result.error.issues) {
    const unknownKey = issue.code === "unrecognized_keys";
    const paths = unknownKey ? issue.keys.slice(0, SHOWN).map((key) => [...issue.path, key]) : [issue.path];
    all += unknownKey ? issue.keys.length : 1;
    for (const path of paths.slice(0, SHOWN - problems.length)) {
      let message = issue.message;
      if (unknownKey)
        message = message
          .replace(KEY, printable(String(path.at(-1)), 40))
          .replace(HINT, hint(String(path.at(-1)), message));
      // a schema's own rule has only the "want" part
      else if (!message.startsWith("got ")) message = `got ${shown(valueAt(document.value, path))}, want ${message}`;
      const atKey = unknownKey || isKeyIssue(issue);
      const place = document.locate(path, atKey ? "key" : "value");
      problems.push({ ...place, path: formatPath(atKey ? path.slice(0, -1) : path), message });
    }
  }
  problems.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.col - b.col);
  throw new ConfigError(problems, all);
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step], value);

const SHOWN = 20; // problems listed of one document: a map of thousands of unknown keys is one mistake
const KEY = "\u0001";
const HINT = "\u0002";

const isKeyIssue = (issue: { code: string; params?: unknown }): boolean =>
  (issue.params as { at?: string } | undefined)?.at === "key";

const hint = (key: string, message: string): string =>
  didYouMean(key, message.slice(message.lastIndexOf(": ") + 2).split(", "));

/** The error map for zod: "got X, want Y" for all issues. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  const got = shown(issue.input);
  switch (issue.code) {
    case "unrecognized_keys": {
      const shape = (issue.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape ?? {};
      return `got key '${KEY}'${HINT}, want one of: ${Object.keys(shape).join(", ")}`;
    }
    case "invalid_type":
      return `got ${got}, want ${article(issue.expected)}`;
    case "invalid_value":
      return `got ${got}, want ${issue.values.length > 1 ? "one of: " : ""}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return (
        `got ${size(issue, got)}, want ` +
        `${bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}`
      );
    case "too_big":
      return (
        `got ${size(issue, got)}, want ` +
        `${bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}`
      );
    case "invalid_format":
      return `got ${got}, want ${issue.pattern === undefined ? issue.format : `text like ${issue.pattern}`}`;
    case "invalid_union":
      return unknownKind(issue) ?? `got ${got}, want another value`;
    default:
      return issue.message?.startsWith("got ") ? issue.message : `got ${got}, want ${issue.message ?? "another value"}`;
  }
}

/** For a map whose kind one key gives: the unknown kind, and the known kinds. */
function unknownKind({ input, inst }: z.core.$ZodRawIssue): string | undefined {
  const { def } = (inst as z.ZodDiscriminatedUnion | undefined)?._zod ?? {};
  if (def?.discriminator === undefined) return undefined;
  const key = def.discriminator;
  const kinds = def.options
    .flatMap((option) => [...((option as z.ZodObject)._zod.propValues?.[key] ?? [])])
    .map(String);
  const kind = (input as Readonly<Record<string, unknown>>)[key];
  const hint = typeof kind === "string" ? didYouMean(kind, kinds) : "";
  return `got ${shown(kind)}${hint}, want one of: ${kinds.join(", ")}`;
}

const size = (issue: { origin?: string; input?: unknown }, got: string): string =>
  issue.origin === "array" && Array.isArray(issue.input) ? `${issue.input.length} items` : got;

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === "array") return `${relation} ${limit} items`;
  if (origin === "string") return `${relation} ${limit} characters`;
  return `${relation} ${limit}`;
}

function article(expected: string): string {
  if (expected === "object" || expected === "record") return "a map";
  if (expected === "array" || expected === "tuple") return "a list";
  if (expected === "string") return "a text";
  if (expected === "int") return "a whole number";
  if (expected === "number") return "a finite number";
  if (expected === "boolean") return "true or false";
  return expected;
}

/** A value as an error message shows it: short, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `'${printable(value, 40)}'`;
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return "a map";
}
