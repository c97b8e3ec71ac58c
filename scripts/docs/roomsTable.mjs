import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { table } from "./markdown.mjs";

/** docs/architecture.md with its table of rooms, from docs/rooms.json; the architecture test reads the same file. */
export function roomsTable() {
  const { rooms } = JSON.parse(readFileSync(join(ROOT, "docs", "rooms.json"), "utf8"));
  const rows = Object.entries(rooms).map(([name, { holds, imports }]) => [
    `\`${name}/\``,
    holds,
    imports.join(", ") || "nothing",
  ]);
  return readFileSync(join(ROOT, "docs", "architecture.md"), "utf8").replace(
    /(<!-- rooms -->\n)[^]*?(\n<!-- end -->)/,
    (_, before, after) => before + table(["room", "holds", "may import"], rows) + after,
  );
}
