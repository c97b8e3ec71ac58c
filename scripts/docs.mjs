#!/usr/bin/env node
// `npm run docs`, which compiles first: writes every page of docs/ that is generated from the code. `--check` writes
// nothing; it lists the pages that are stale and ends with exit code 1.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cliPage } from "./docs/cliPage.mjs";
import { costsPage } from "./docs/costsPage.mjs";
import { decisionsPage } from "./docs/decisionsPage.mjs";
import { guardrailsPage } from "./docs/guardrailsPage.mjs";
import { levelsPage } from "./docs/levelsPage.mjs";
import { roomsTable } from "./docs/roomsTable.mjs";
import { topicsPage } from "./docs/topicsPage.mjs";
import { fromDist } from "./docs/fromDist.mjs";
import { ROOT } from "./setup/paths.mjs";

/** Each generated page by its path from the root. */
const pages = {
  "docs/architecture.md": roomsTable,
  "docs/adr/README.md": decisionsPage,
  "docs/reference/cli.md": cliPage,
  "docs/reference/costs.md": costsPage,
  "docs/reference/guardrails.md": guardrailsPage,
  "docs/reference/levels.md": levelsPage,
  "docs/reference/keys.md": async () => (await fromDist("cli/keysPage.js")).keysPage(),
  "docs/reference/topics.md": topicsPage,
};

/** Resolves to the pages whose file differs from what the code generates. */
export async function stalePages() {
  const made = await Promise.all(Object.entries(pages).map(async ([path, make]) => ({ path, text: await make() })));
  return made.filter(({ path, text }) => {
    const file = join(ROOT, path);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const stale = await stalePages();
  const check = process.argv.includes("--check");
  for (const { path, text } of stale) {
    if (check) console.error(`${path} is stale: run npm run docs`);
    else writeFileSync(join(ROOT, path), text);
  }
  if (check && stale.length > 0) process.exitCode = 1;
}
