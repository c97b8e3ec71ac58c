// Builds our own TypeScript. An installed package has no such step, because it contains dist.
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { DIST, MODULES, ROOT } from "./paths.mjs";
import { filesUnder } from "./stamp.mjs";

const PRODUCT = /(\.d\.ts|\.js(\.map)?)$/;
const FOLDERS = ["src", "test", "bench", "examples"];

/** All files whose change requires a new build. */
export function sources() {
  return [join(ROOT, "tsconfig.json"), ...FOLDERS.flatMap((dir) => filesUnder(join(ROOT, dir)))].filter((file) =>
    /\.(ts|mts|json)$/.test(file),
  );
}

export function productIsCurrent() {
  return existsSync(join(DIST, "tsconfig.tsbuildinfo"));
}

export async function buildSources(job) {
  dropOrphans();
  await job.exec(process.execPath, [join(MODULES, "typescript", "bin", "tsc"), "-p", join(ROOT, "tsconfig.json")]);
}

/** Removes the output of deleted sources. Otherwise a deleted test would still be run. */
function dropOrphans() {
  for (const file of FOLDERS.flatMap((dir) => filesUnder(join(DIST, dir)))) {
    const source = join(ROOT, relative(DIST, file)).replace(PRODUCT, ".ts");
    if (PRODUCT.test(file) && !existsSync(source)) rmSync(file);
  }
}
