#!/usr/bin/env node
/**
 * Prints the `capsules:` list of a robot's YAML, as the product fits them to the collision geometry that a URDF names, so that neither the meshes nor the
 * fit are needed at run time, and on stderr the pairs of them that are not kept apart, with the reason:
 *   node scripts/fit-capsules.mjs ROBOT.yaml|ARM.urdf [--urdf ARM.urdf] [--meshes FOLDER]
 * The robot's base, tool, joints and limits count, its own capsules do not. A mesh `package://NAME/a/b.stl` is looked for at FOLDER/NAME/a/b.stl, then
 * FOLDER/a/b.stl, then where the product looks. Needs a build (`npm run build`). Lengths are rounded so that capsules hold what they were fitted to.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { armOptions } from "../dist/src/agent/armOptions.js";
import { loadRobotConfig } from "../dist/src/config/index.js";
import { armFromUrdf } from "../dist/src/kinematics/armFromUrdf.js";
import { parseUrdf } from "../dist/src/kinematics/parseUrdf.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { urdf: { type: "string" }, meshes: { type: "string" } } });
const [name] = positionals;
const robot = name === undefined ? undefined : loadRobotConfig(name);
const file = values.urdf ?? robot?.urdf;
if (file === undefined) {
  console.error("usage: node scripts/fit-capsules.mjs ROBOT.yaml|ARM.urdf [--urdf ARM.urdf] [--meshes FOLDER]; the URDF where the robot names none");
  process.exit(2);
}
const { readMesh, ...options } = armOptions({ ...robot, urdf: file, capsules: undefined });
const read = (uri) => {
  const path = uri.replace(/^(package|file):\/\//, ""), folder = values.meshes ?? ".";
  const found = [join(folder, path), join(folder, path.split("/").slice(1).join("/"))].find((p) => existsSync(p));
  const bytes = found === undefined ? readMesh(uri) : readFileSync(found);
  if (bytes === undefined) throw new Error(`no mesh ${uri}`);
  return bytes;
};
const arm = armFromUrdf(parseUrdf(readFileSync(file, "utf8")), { ...options, readMesh: read });

const m = (x) => `${(Math.round(x * 1e4) / 1e4 || 0).toFixed(4)} m`;
console.log("capsules:");
for (const { link, p0, p1, radius } of arm.capsules) // the end points' rounding is at most 0.09 mm
  console.log(`  - { link: ${arm.linkNames[link]}, p0: [${p0.map(m).join(", ")}], p1: [${p1.map(m).join(", ")}], radius: ${(Math.ceil((radius + 1e-4) * 1e4) / 1e4).toFixed(4)} m }`);
for (const { a, b, why } of arm.excludedPairs) if (why !== "links that share a joint") console.error(`${a} and ${b} are not kept apart: ${why}`);
