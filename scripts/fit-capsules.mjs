#!/usr/bin/env node
/**
 * Prints the `capsules:` list of a robot's YAML, fitted to the meshes its URDF names, so that neither the meshes nor the fit are needed at run time:
 *   node scripts/fit-capsules.mjs ARM.urdf --meshes FOLDER [--base LINK] [--tool LINK]
 * A mesh `package://NAME/a/b.stl` is looked for at FOLDER/NAME/a/b.stl, then FOLDER/a/b.stl, then by its file name beside the URDF.
 * Needs a build (`npm run build`). Every capsule contains its parts; lengths are rounded up to 0.1 mm.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { armFromUrdf, parseUrdf } from "../dist/src/kinematics/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { meshes: { type: "string" }, base: { type: "string" }, tool: { type: "string" } },
});
const [file] = positionals;
if (file === undefined) {
  console.error("usage: node scripts/fit-capsules.mjs ARM.urdf --meshes FOLDER [--base LINK] [--tool LINK]");
  process.exit(2);
}
const readMesh = (uri) => {
  const path = uri.replace(/^(package|file):\/\//, "");
  const folder = values.meshes ?? dirname(file);
  const found = [join(folder, path), join(folder, path.split("/").slice(1).join("/")), join(dirname(file), basename(path))].find(existsSync);
  if (found === undefined) console.error(`no mesh ${uri} below ${folder}: a capsule along the bone stands for its link`);
  return found && readFileSync(found);
};
const arm = armFromUrdf(parseUrdf(readFileSync(file, "utf8")), { base: values.base, tool: values.tool, readMesh });
const m = (x) => `${(Math.round(x * 1e4) / 1e4 || 0).toFixed(4)} m`;
console.log("capsules:");
for (const c of arm.capsules) {
  const radius = Math.ceil((c.radius + 1e-4) * 1e4) / 1e4; // the end points' rounding is at most 0.09 mm
  console.log(`  - { link: ${arm.linkNames[c.link]}, p0: [${c.p0.map(m).join(", ")}], p1: [${c.p1.map(m).join(", ")}], radius: ${radius.toFixed(4)} m }`);
}
