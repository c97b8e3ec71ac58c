import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";

/** The source file of src, as text. */
export const source = (path) => readFileSync(join(ROOT, "src", path), "utf8");

/**
 * The docstring before a declaration, as Markdown: its paragraphs and lists, tags such as @source and @throws left out.
 * @param declaration how the declaration begins, e.g. "export class KeepOut"
 * @throws if the declaration has none
 */
export function docstring(text, declaration, where) {
  const at = text.search(new RegExp(`^${declaration}\\b`, "m"));
  const found = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(text.slice(0, Math.max(0, at)));
  if (at < 0 || found === null) throw new Error(`${where}: want a docstring before "${declaration}"`);
  const lines = found[1].split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const end = lines.findIndex((line) => /^\s*@(?:source|throws|param|returns)\b/.test(line));
  return (end < 0 ? lines : lines.slice(0, end)).join("\n").trim().replaceAll("<", "&lt;");
}
