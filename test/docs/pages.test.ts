import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/config/index.js";

const root = packageRoot();
const SKIPPED = ["node_modules", "dist", ".git", ".ros", ".training", "log", "runs", "data"];
const WIDTH = 120; // columns
const GENERATED = ["docs/reference/", "docs/experiments/", "docs/adr/README.md"]; // their programs set no lines

/** All Markdown files below a folder, relative to the root. */
function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.includes(entry.name) ? [] : markdownBelow(path);
    return path.endsWith(".md") ? [path] : [];
  });
}

/** The text without code blocks and code in lines, which may hold what looks like links and headings. */
const prose = (text: string): string => text.replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** The anchors that GitHub makes of headings. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...text.replace(/^```[^]*?^```/gm, "").matchAll(/^#{1,6} (.*)$/gm)];
  return new Set(
    headings.map(([, title]) => {
      const plain = title
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
        .replaceAll(" ", "-");
      const count = seen.get(plain) ?? 0;
      seen.set(plain, count + 1);
      return count === 0 ? plain : `${plain}-${count}`;
    }),
  );
}

const pages = new Map(markdownBelow("").map((path) => [path, readFileSync(join(root, path), "utf8")]));

/** The links of a page that lead to a file of the repository or to a heading. */
function linksOf(path: string): { to: string; file: string; anchor: string }[] {
  const found = [...prose(pages.get(path)!).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to);
  return found
    .filter((to) => !/^[a-z]+:/.test(to))
    .map((to) => {
      const [name, anchor = ""] = to.split("#");
      const file = name === "" ? path : relative(root, resolve(root, dirname(path), name));
      return { to, file, anchor };
    });
}

test("every relative link of a page leads to a file, and every anchor to a heading", () => {
  const wrong = [...pages.keys()].flatMap((path) =>
    linksOf(path)
      .filter(({ file, anchor }) => {
        if (file.startsWith("..") || !existsSync(join(root, file))) return true;
        return anchor !== "" && pages.has(file) && !anchorsOf(pages.get(file)!).has(anchor);
      })
      .map(({ to }) => `${path}: ${to}`),
  );
  assert.deepEqual(wrong, []);
});

test("every page of docs, and every picture, can be reached from the index", () => {
  const reached = new Set<string>(),
    open = ["docs/README.md"];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    if (pages.has(path)) open.push(...linksOf(path).map(({ file }) => file));
  }
  const files = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .map((file) => join("docs", file))
    .filter((file) => statSync(join(root, file)).isFile() && /\.(md|svg|png)$/.test(file));
  assert.ok(files.length > 40);
  assert.deepEqual(
    files.filter((file) => !reached.has(file)),
    [],
  );
});

test("lines of prose of README and docs end at 120 columns", () => {
  const long = [...pages].flatMap(([path, text]) => {
    if (!/^(README|docs\/)/.test(path) || GENERATED.some((start) => path.startsWith(start))) return [];
    const outside = text.replace(/^```[^]*?^```/gm, (code) => code.replace(/[^\n]/g, ""));
    return outside
      .split("\n")
      .flatMap((line, i) =>
        [...line].length > WIDTH && !line.startsWith("|") && !line.includes("://") ? [`${path}:${i + 1}`] : [],
      );
  });
  assert.deepEqual(long, []);
});

test("a page that is named in code, tests, configurations or other pages is there", () => {
  const folders = ["src", "bench", "test", "scripts", "training", "config", "launch", "docs", "telos_agent"];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => join(folder, file))
      .filter((file) => /\.(ts|mjs|py|yaml|xml|md)$/.test(file) && !file.includes("node_modules")),
  );
  const named = [...files, "README.md", "package.json"].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/\bdocs\/[\w/.-]*\.(?:md|json|png)\b/g)].map(([name]) => ({
      file,
      name,
    })),
  );
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter(({ name }) => !existsSync(join(root, name))).map(({ file, name }) => `${file}: ${name}`),
    [],
  );
});

test("a file that a page names by its path is there", () => {
  const named = [...pages].flatMap(([path, text]) =>
    [...text.matchAll(/`((?:src|test|bench|scripts|config|launch|training|models)\/[\w/.-]*\.\w+)`/g)].map(
      ([, name]) => ({
        path,
        name,
      }),
    ),
  );
  assert.ok(named.length > 50);
  assert.deepEqual(
    named.filter(({ name }) => !existsSync(join(root, name))).map(({ path, name }) => `${path}: ${name}`),
    [],
  );
});
