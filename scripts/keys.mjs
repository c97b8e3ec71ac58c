// `npm run docs:keys`, which compiles before: writes docs/keys.md from the schemas.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DIST, ROOT } from "./setup/paths.mjs";

const { keysPage } = await import(join(DIST, "src", "cli", "keysPage.js"));
writeFileSync(join(ROOT, "docs", "keys.md"), keysPage());
