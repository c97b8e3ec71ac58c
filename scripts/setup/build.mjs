// Our own TypeScript. Absent in an installed package, where dist comes ready-made.
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { DIST, MODULES, ROOT } from "./paths.mjs";
import { filesUnder } from "./stamp.mjs";

const PRODUCT = /(\.d\.ts|\.js(\.map)?)$/;
const FOLDERS = ["src", "test", "bench", "examples"];

/** Everything whose change asks for a new build. */
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

/** Products of deleted sources would live on, and a deleted test go on being run. */
function dropOrphans() {
  for (const file of FOLDERS.flatMap((dir) => filesUnder(join(DIST, dir)))) {
    const source = join(ROOT, relative(DIST, file)).replace(PRODUCT, ".ts");
    if (PRODUCT.test(file) && !existsSync(source)) rmSync(file);
  }
}
