// Installs npm packages exactly as locked, without their install scripts: rclnodejs would build itself before ROS is
// there.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { which } from "./host.mjs";
import { MODULES, ROOT, ROS } from "./paths.mjs";

export async function installPackages(job) {
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : [which("npm") ?? "npm"];
  await job.exec(npm[0], [...npm.slice(1), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    env: cacheEnv(),
  });
}

/** npm needs a folder for its cache, and the user of a container may have none. */
function cacheEnv() {
  try {
    accessSync(homedir(), constants.W_OK);
    return process.env;
  } catch {
    return { npm_config_cache: join(ROS, "npm"), ...process.env };
  }
}

/** Whether node_modules already has the locked packages, as after an `npm install` by hand. */
export function packagesFitLock(lockFile) {
  const installedFile = join(MODULES, ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages;
  const same = ([path, { version }]) => wanted[path]?.version === version;
  return (
    Object.entries(installed).every(same) &&
    Object.entries(wanted).every(([path, p]) => path === "" || p.optional || p.devOptional || path in installed)
  );
}
