#!/usr/bin/env node
// `npm run docs:rooms`: writes the table of docs/architecture.md from docs/rooms.json.
// The architecture test reads the same file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup/paths.mjs";

const path = join(ROOT, "docs", "architecture.md");
const { rooms } = JSON.parse(readFileSync(join(ROOT, "docs", "rooms.json"), "utf8"));
const rows = Object.entries(rooms).map(
  ([name, { holds, imports }]) => `| \`${name}/\` | ${holds} | ${imports.join(", ") || "nothing"} |`,
);
const table = ["| room | holds | may import |", "|---|---|---|", ...rows].join("\n");
const text = readFileSync(path, "utf8").replace(
  /(<!-- rooms -->\n)[^]*?(\n<!-- end -->)/,
  (_, before, after) => before + table + after,
);
if (process.argv[2] !== "--check") writeFileSync(path, text);
else if (text !== readFileSync(path, "utf8")) {
  console.error("docs/architecture.md is not what docs/rooms.json says: npm run docs:rooms");
  process.exitCode = 1;
}
