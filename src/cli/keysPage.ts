import type { z } from "zod";
import { agentSchema } from "../agent/setup/AgentConfig.js";
import { formOf, robotSchema, sceneSchema, type Form } from "../config/index.js";
import { taskSchema } from "../cost/index.js";
import { guardrailSchemas } from "../guardrails/index.js";

/** One key of a file, or one place in a list or map, as a row of the page. */
export interface KeyRow {
  readonly key: string; // the path of the key: levels[].search.samples
  readonly type: string;
  readonly unit: string;
  readonly preset: string; // the default; "–" if the key is required
  readonly meaning: string;
}

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly valueType?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly defaultValue?: unknown;
}
const UNITS: Readonly<Record<string, string>> = { "kg m^2/s^2": "N m", "kg m/s^2": "N", "kg/s^2": "N/m" };

const defOf = (schema: z.ZodType): Def => (schema as unknown as { _zod: { def: Def } })._zod.def;

/** The kinds of YAML files, by the headings of the page. */
const files: Readonly<Record<string, z.ZodType>> = {
  Robot: robotSchema,
  Scene: sceneSchema,
  Task: taskSchema(guardrailSchemas),
  Agent: agentSchema(),
};

/**
 * All keys of a schema, in its order. A type that is used in several places, such as a shape or a goal, is listed once.
 * @param known the place where each schema was listed
 */
export function keysOf(schema: z.ZodType, path = "", known = new Map<z.ZodType, string>()): KeyRow[] {
  const { inner, form } = unwrap(schema);
  if (form?.oneOf !== undefined) {
    const kinds = Object.entries(form.oneOf).flatMap(([kind, s]) => {
      const place = `${path}.${kind}`,
        before = known.get(s);
      known.set(s, before ?? place);
      return before === undefined
        ? [...row(place, s, `a ${form.type} of this kind`), ...keysOf(s, place, known)]
        : row(place, s, `as ${before}`);
    });
    return [...keysOf(form.keys!, path, known), ...kinds];
  }
  if (form !== undefined) return form.keys === undefined ? [] : keysOf(form.keys, path, known);
  const def = defOf(inner);
  switch (def.type) {
    case "object":
      return Object.entries(def.shape!).flatMap(([key, s]) => {
        const place = path === "" ? key : `${path}.${key}`;
        return [...row(place, s), ...keysOf(s, place, known)];
      });
    case "array":
      return keysOf(def.element!, `${path}[]`, known);
    case "record":
      return keysOf(def.valueType!, `${path}.<name>`, known);
    case "union": {
      const rows = def.options!.flatMap((o) => keysOf(o, path, known)),
        kinds = rows.filter((r) => r.key === `${path}.${def.discriminator}`),
        told = { type: kinds.map((r) => r.type).join(" or "), meaning: kinds.map(saidOfKind).join("; ") };
      return rows
        .filter((r, i) => rows.findIndex((other) => other.key === r.key) === i)
        .map((r) => (kinds.includes(r) ? { ...r, ...told } : r));
    }
    default:
      return [];
  }
}

const saidOfKind = ({ type, meaning }: KeyRow): string => `${type}: ${meaning}`;

/** @param kind the name of this form if several forms are allowed in this place */
function row(key: string, schema: z.ZodType, kind = ""): KeyRow[] {
  const { inner, preset, meaning, form } = unwrap(schema);
  const { type, unit } = form === undefined ? typeOf(inner) : { type: typeOfForm(form), unit: form.unit ?? "" };
  return [
    {
      key,
      type,
      unit: UNITS[unit] ?? unit,
      preset: kind === "" ? preset : "",
      meaning: kind.startsWith("as ") ? kind : meaning || kind,
    },
  ];
}

/** A schema without its wrappers, with the default, the meaning and the form that they hold. */
function unwrap(schema: z.ZodType): { inner: z.ZodType; preset: string; meaning: string; form: Form | undefined } {
  let preset = "–",
    meaning = "",
    inner = schema;
  for (;;) {
    meaning ||= inner.description ?? "";
    const form = formOf(inner);
    const def = defOf(inner);
    if (form !== undefined) return { inner, preset, meaning, form };
    if (def.type === "optional") preset = preset === "–" ? "none" : preset;
    else if (def.type === "default" || def.type === "prefault")
      preset = JSON.stringify(def.defaultValue, (_, x: unknown) =>
        typeof x === "number" ? Number(x.toPrecision(6)) : x,
      );
    else if (def.type !== "pipe") return { inner, preset, meaning, form };
    inner = (def.innerType ?? def.in)!;
  }
}

function typeOf(schema: z.ZodType): { type: string; unit: string } {
  const { inner, form } = unwrap(schema),
    def = defOf(inner);
  if (form !== undefined) return { type: typeOfForm(form), unit: form.unit ?? "" };
  switch (def.type) {
    case "object":
      return { type: "map", unit: "" };
    case "array": {
      const { type, unit } = typeOf(def.element!);
      return { type: `list of ${type}`, unit };
    }
    case "tuple": {
      const { type, unit } = typeOf(def.items![0]);
      return { type: `list of ${def.items!.length} ${type}`, unit };
    }
    case "record": {
      const { type, unit } = typeOf(def.valueType!);
      return { type: `map of names to ${type}`, unit };
    }
    case "enum":
      return { type: Object.values(def.entries!).join(" or "), unit: "" };
    case "literal":
      return { type: def.values!.map(String).join(" or "), unit: "" };
    case "union":
      return { type: [...new Set(def.options!.map((o) => typeOf(o).type))].join(" or "), unit: "" };
    case "string":
      return { type: "text", unit: "" };
    case "boolean":
      return { type: "true or false", unit: "" };
    case "number":
      return { type: `${isWhole(inner) ? "whole " : ""}number${rangeOf(numberRange(inner))}`, unit: "" };
    default:
      throw new Error(`got a schema of type ${def.type}, want one that the page of keys can describe`);
  }
}

const typeOfForm = ({ type, range }: Form): string => `${type}${rangeOf(range)}`;
const isWhole = (schema: z.ZodType): boolean =>
  (schema as unknown as { _zod: { def: { format?: string } } })._zod.def.format !== undefined;

/** The bounds of a number, which zod keeps among its checks. Bounds that every number keeps are not printed. */
function numberRange(schema: z.ZodType): NonNullable<Form["range"]> {
  const { minValue: min, maxValue: max } = schema as unknown as { minValue: number | null; maxValue: number | null };
  const said = (x: number | null): number | undefined =>
    x === null || Math.abs(x) >= Number.MAX_SAFE_INTEGER ? undefined : x;
  return { min: said(min), max: said(max) };
}

function rangeOf({ min, max, above }: NonNullable<Form["range"]> = {}): string {
  const short = (x: number): string => String(Number(x.toPrecision(6)));
  if (above === undefined && min !== undefined)
    return max === undefined ? `, at least ${short(min)}` : `, ${short(min)} … ${short(max)}`;
  const low = above === undefined ? "" : `, more than ${short(above)}`;
  return max === undefined ? low : `${low}, at most ${short(max)}`;
}

/** The rows as a Markdown table. */
export function keyTable(rows: readonly KeyRow[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const preset = (text: string): string => (["", "–", "none"].includes(text) ? text : `\`${text}\``);
  return [
    "| key | type | unit | default | meaning |",
    "|---|---|---|---|---|",
    ...rows.map(
      (r) => `| \`${r.key}\` | ${cell(r.type)} | ${cell(r.unit)} | ${preset(r.preset)} | ${cell(r.meaning)} |`,
    ),
  ].join("\n");
}

const INTRO = `# Keys of the YAML files

Generated by \`npm run docs\` from the schemas that read the files.

- A number without a unit is in the unit of the column. A text with a unit (\`2 cm\`, \`15 deg\`) is converted.
- Default –: the key is required. Default \`none\`: the key may be left out, and nothing takes its place.
- \`[]\` stands for any entry of a list, \`<name>\` for any name.
- An unknown key is an error. The message names the file, the line and the nearest known key.
- A robot, scene, agent or collection file may say \`extends: NAME\` (or a path relative to the file) and then only the
  differences. Maps are merged key by key. Lists of entries with a \`name\` or \`id\` are merged entry by entry.
  \`null\` removes a key. Everything else is replaced. The extended file must not extend another one. A task file
extends   nothing.
`;

/** The page docs/reference/keys.md. */
export function keysPage(): string {
  const sections = Object.entries(files).map(
    ([name, schema]) => `## ${name} file (\`config/${name.toLowerCase()}s/\`)\n\n${keyTable(keysOf(schema))}\n`,
  );
  return [INTRO, ...sections].join("\n");
}
