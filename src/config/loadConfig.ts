import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isMap } from "./byForm.js";
import { ConfigError } from "./ConfigError.js";
import { loadYaml } from "./loadYaml.js";
import { shown } from "./parseConfig.js";
import { namesFile, resolveConfig, type ConfigKind } from "./resolveConfig.js";
import { printable, YamlDocument, type Path, type Place } from "./YamlDocument.js";

/** The document of a name in `config/<kind>` or of a path, merged over what it `extends`. @throws ConfigError */
export function loadConfig(kind: ConfigKind, nameOrPath: string): YamlDocument {
  return extended(kind, loadYaml(resolveConfig(kind, nameOrPath)));
}

/**
 * Merges a document over the one that its key `extends` names (a name in `config/<kind>`, or a path from the document's
 * file), which must not extend another one:
 *
 *   maps: key by key;   lists of maps with `name` or `id`: item by item, new names last;   `null`: removes the base's
 *   key;   all else: replaced
 *
 * Errors name the file that contains the value. Returns the document itself if it extends none. @throws ConfigError
 */
export function extended(kind: ConfigKind, own: YamlDocument): YamlDocument {
  const { extends: base, ...rest } = isMap(own.value) ? own.value : {};
  if (base === undefined) return own;
  if (typeof base !== "string" || base === "")
    throw own.error(
      ["extends"],
      `got ${shown(base)}, want the name of another file in config/${kind}, or the path of a file`,
    );
  const under = loadYaml(fileOf(kind, base, own));
  if (isMap(under.value) && under.value.extends !== undefined)
    throw own.error(["extends"], `got '${base}', which extends another file, want a file without extends`);
  return new Extended(own, under, rest);
}

function fileOf(kind: ConfigKind, base: string, own: YamlDocument): string {
  const file = namesFile(base) ? resolve(dirname(own.file), base) : base;
  try {
    if (file !== base && statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
      throw own.error(
        ["extends"],
        `got '${printable(base, 80)}', and ${printable(file, 160)} is no file, want the path of a YAML file`,
      );
    return resolveConfig(kind, file);
  } catch (error) {
    throw error instanceof ConfigError ? own.error(["extends"], error.problems[0].message) : error;
  }
}

/** A value merged from two documents, and the place of each part of it. */
class Extended extends YamlDocument {
  private readonly places = new Map<string, { readonly document: YamlDocument; readonly path: Path }>();

  constructor(own: YamlDocument, base: YamlDocument, rest: Readonly<Record<string, unknown>>) {
    const places = new Map<string, { readonly document: YamlDocument; readonly path: Path }>();
    const place = (at: Path, document: YamlDocument, path: Path): void =>
      void places.set(JSON.stringify(at), { document, path });
    const take = (value: unknown, document: YamlDocument, path: Path, at: Path): unknown => {
      place(at, document, path);
      return value;
    };
    const merge = (over: unknown, overPath: Path, under: unknown, underPath: Path, at: Path): unknown => {
      place(at, own, overPath);
      if (isMap(over) && isMap(under)) {
        const merged: Record<string, unknown> = {};
        for (const key of new Set([...Object.keys(under), ...Object.keys(over)])) {
          const [o, u, inner] = [over[key], under[key], [...at, key]];
          if (o === undefined) merged[key] = take(u, base, [...underPath, key], inner);
          else if (u === undefined) merged[key] = take(o, own, [...overPath, key], inner);
          else if (o !== null) merged[key] = merge(o, [...overPath, key], u, [...underPath, key], inner);
        }
        return merged;
      }
      if (!named(over) || !named(under)) return over;
      const names = under.map(nameOf);
      return [...names, ...over.map(nameOf).filter((name) => !names.includes(name))].map((name, i) => {
        const [o, u] = [over.findIndex((item) => nameOf(item) === name), names.indexOf(name)];
        const inner = [...at, i];
        if (o < 0) return take(under[u], base, [...underPath, u], inner);
        return u < 0
          ? take(over[o], own, [...overPath, o], inner)
          : merge(over[o], [...overPath, o], under[u], [...underPath, u], inner);
      });
    };
    super(own.file, merge(rest, [], base.value, [], []), null, own.lines);
    this.places = places;
  }

  override locate(path: Path, of: "value" | "key" = "value"): Place {
    for (let n = path.length; ; n--) {
      const found = this.places.get(JSON.stringify(path.slice(0, n)));
      if (found !== undefined) return found.document.locate([...found.path, ...path.slice(n)], of);
    }
  }
}

const nameOf = (item: unknown): unknown => (isMap(item) ? (item.name ?? item.id) : undefined);

const named = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((item) => typeof nameOf(item) === "string");
