import { spawn, spawnSync } from "node:child_process";

/** Ways to a mount of one's own: in a user namespace, or as root. */
const WAYS = [["-r", "-m"], ["-m"]] as const;
const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$0"';

const way =
  process.platform !== "linux"
    ? undefined
    : WAYS.find((w) => spawnSync("unshare", [...w, "sh", "-c", MOUNT, "/mnt", "64k"]).status === 0);

/** Why no disk can be had that is full soon; false where one can. */
export const noTinyDisk = way === undefined ? "no file system may be mounted here" : false;

/** Runs a shell's commands where `folder` is a disk of `size` (64k): what they find in it is gone with them. */
export function onTinyDisk(
  folder: string,
  size: string,
  commands: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn("unshare", [...way!, "sh", "-c", `${MOUNT}\n${commands}`, folder, size], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (data: Buffer) => (said[name] += String(data)));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}
