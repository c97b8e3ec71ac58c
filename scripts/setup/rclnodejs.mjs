// Installs rclnodejs' native part: a prebuilt binary if one fits, otherwise one built here with node-gyp.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeHeaders, ubuntuCodename } from "./host.mjs";
import { MODULES, RCLNODEJS, ROS } from "./paths.mjs";
import { rosEnv } from "./ros.mjs";

export async function buildRclnodejs(job, ros) {
  disarm();
  const env = rosEnv(ros);
  if (await prebuiltFits(job, ros, env)) return { prebuilt: true };
  const binary = join(RCLNODEJS, "build", "Release", "rclnodejs.node");
  const kept = join(ROS, "rclnodejs", `${job.key}.node`); // `npm ci` wipes node_modules whenever any package changes
  if (existsSync(kept)) {
    mkdirSync(dirname(binary), { recursive: true });
    copyFileSync(kept, binary);
    return { prebuilt: false };
  }
  const headers = nodeHeaders();
  await job.exec(
    process.execPath,
    [
      join(MODULES, "node-gyp", "bin", "node-gyp.js"),
      "rebuild",
      "--jobs",
      "max",
      ...(headers ? ["--nodedir", headers] : []),
    ],
    { cwd: RCLNODEJS, env: { ...env, npm_config_yes: "true" } },
  );
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(binary, kept);
  return { prebuilt: false };
}

/**
 * If rclnodejs cannot load its binary, it runs its own `rebuild` script, which first deletes the build. A process
 * started without the ROS environment would so destroy the installation. We replace the script by one that prints the
 * fix.
 */
function disarm() {
  const file = join(RCLNODEJS, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.scripts.rebuild =
    'echo "rclnodejs does not load: source .ros/setup.sh first, or run npm run setup" >&2; exit 1';
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}

/** Tries a prebuilt binary. They exist for pairs of ROS and Ubuntu releases; loading one is the only sure test. */
async function prebuiltFits(job, ros, env) {
  const codename = ubuntuCodename();
  const file = join(
    RCLNODEJS,
    "prebuilds",
    `${process.platform}-${process.arch}`,
    `${ros.distro}-${codename}-${process.arch}-node-rclnodejs.node`,
  );
  if (!codename || !existsSync(file)) return false;
  return job.exec(process.execPath, ["-e", `process.dlopen({ exports: {} }, ${JSON.stringify(file)})`], { env }).then(
    () => true,
    () => false,
  );
}
