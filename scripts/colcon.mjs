#!/usr/bin/env node
/**
 * Builds and installs the ament package telos_agent; telos_agent/CMakeLists.txt calls it.
 *   node scripts/colcon.mjs build STAGE [MODULES]   a copy of the sources in STAGE, with everything the set-up makes,
 *   for the ROS that is sourced.
 *                                                   MODULES: a node_modules that a set-up made for this ROS; it is
 *                                                   linked to instead of npm ci
 *   node scripts/colcon.mjs install STAGE SHARE     what runs, without what builds it
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { ROOT } from "./setup/paths.mjs";
import { filesUnder } from "./setup/stamp.mjs";

const SOURCES = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "tsconfig.json",
  "bench",
  "examples",
  "interfaces",
  "scripts",
  "src",
  "test",
];

/** Makes `to` the same as `from`. Equal files keep their modification time, which the stamps check. */
function mirror(from, to) {
  if (!statSync(from).isDirectory()) {
    const same =
      existsSync(to) && statSync(to).mtimeMs === statSync(from).mtimeMs && statSync(to).size === statSync(from).size;
    if (!same) cpSync(from, to, { preserveTimestamps: true });
    return;
  }
  for (const file of filesUnder(to)) if (!existsSync(join(from, relative(to, file)))) rmSync(file);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) mirror(join(from, name), join(to, name));
}

function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

function build(stage, given) {
  mkdirSync(stage, { recursive: true });
  for (const name of SOURCES) mirror(join(ROOT, name), join(stage, name));
  const modules = join(stage, "node_modules");
  if (isLink(modules)) rmSync(modules); // left by an earlier build with other modules
  if (!given) return run(process.execPath, [join(stage, "scripts", "setup.mjs")], stage);
  if (!existsSync(join(given, "rclnodejs", "generated", "telos_interfaces")))
    throw new Error(`${given} was not made by a Telos set-up: it has no rclnodejs with telos_interfaces`);
  rmSync(modules, { recursive: true, force: true });
  symlinkSync(resolve(given), modules);
  run(process.execPath, [join(modules, "typescript", "bin", "tsc"), "-p", join(stage, "tsconfig.json")], stage);
}

function install(stage, share) {
  const fresh = (name) => {
    rmSync(join(share, name), { recursive: true, force: true });
    mkdirSync(dirname(join(share, name)), { recursive: true });
    return join(share, name);
  };
  cpSync(join(stage, "package.json"), fresh("package.json"));
  cpSync(join(stage, "dist", "src"), fresh("dist/src"), { recursive: true });
  const modules = join(stage, "node_modules");
  if (isLink(modules)) return symlinkSync(readlinkSync(modules), fresh("node_modules"));
  const { packages } = JSON.parse(readFileSync(join(stage, "package-lock.json"), "utf8"));
  const development = new Set(
    Object.keys(packages)
      .filter((path) => packages[path].dev)
      .map((path) => join(stage, path)),
  );
  cpSync(modules, fresh("node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !development.has(path) && path !== join(modules, ".bin"),
  });
}

const [verb, stage, where] = process.argv.slice(2);
if (verb === "build" && stage) build(resolve(stage), where);
else if (verb === "install" && stage && where) install(resolve(stage), resolve(where));
else {
  console.error("usage: node scripts/colcon.mjs build STAGE [MODULES] | install STAGE SHARE");
  process.exitCode = 2;
}
