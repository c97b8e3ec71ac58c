import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "./ConfigError.js";
import { didYouMean } from "./didYouMean.js";
import { isBelow, wantBelow } from "./isBelow.js";
import { printable } from "./YamlDocument.js";

/** The folders of `config/` that contain named files. */
export type ConfigKind = "robots" | "scenes" | "tasks" | "agents" | "collect";

/**
 * The folder of this package, searched upwards from this module, so that it is the same from src/, dist/ and an
 * installed copy.
 */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "telos")
      return folder;
    if (folder === dirname(folder))
      throw new Error("the folder of the telos package was not found above " + fileURLToPath(import.meta.url));
  }
}

/** The names of the files in `config/<kind>/`. */
export function configNames(kind: ConfigKind): string[] {
  const folder = join(packageRoot(), "config", kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -5))
    .sort();
}

/** Whether it is a path and not a name. */
export const namesFile = (nameOrPath: string): boolean =>
  nameOrPath.includes("/") || /\.(ya?ml|urdf)$/.test(nameOrPath);

/**
 * The file of a name (`wall`) or a path (`./wall.yaml`, `my/arm.urdf`).
 * @param below folders besides config/ that a path must lie below; default: anywhere
 * @throws ConfigError that lists the known names
 */
export function resolveConfig(kind: ConfigKind, nameOrPath: string, below?: readonly string[]): string {
  if (namesFile(nameOrPath)) {
    const path = resolve(nameOrPath);
    if (below === undefined || isBelow(path, below)) return path;
    throw new ConfigError([
      {
        file: `config/${kind}`,
        line: 1,
        col: 1,
        path: "",
        message:
          `got the path '${printable(nameOrPath, 120)}', want ${wantBelow(below)}, or one of the names ` +
          `${configNames(kind).join(", ")}`,
      },
    ]);
  }
  const file = join(packageRoot(), "config", kind, `${nameOrPath}.yaml`);
  if (existsSync(file)) return file;
  const names = configNames(kind);
  const message =
    `got '${printable(nameOrPath, 60)}'${didYouMean(nameOrPath, names)}, want one of: ` +
    `${names.join(", ")}, or the path of a YAML file`;
  throw new ConfigError([{ file: `config/${kind}`, line: 1, col: 1, path: "", message }]);
}
