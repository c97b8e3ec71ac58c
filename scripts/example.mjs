#!/usr/bin/env node
// `npm run example -- 06`: compiles, then runs examples/06_…/main.ts.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { report, setup } from "./setup.mjs";
import { DIST, ROOT } from "./setup/paths.mjs";

const number = process.argv[2] ?? "";
const runnable = readdirSync(join(ROOT, "examples"))
  .filter((name) => existsSync(join(ROOT, "examples", name, "main.ts")))
  .sort();
const [name, ...others] = runnable.filter((n) => number !== "" && n.startsWith(number.padStart(2, "0")));
if (name === undefined || others.length > 0) {
  console.error(`example: got "${number}", want one of: ${runnable.join(", ")}`);
  process.exitCode = 2;
} else {
  try {
    await setup();
    await import(join(DIST, "examples", name, "main.js"));
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}
