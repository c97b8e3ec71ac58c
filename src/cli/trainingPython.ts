import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../config/index.js";

/**
 * The Python of the training's own virtual environment. The environment is made when it is first needed, and again when
 * its requirements change.
 *
 * @param say gets progress messages, because this takes minutes
 * @throws Error with the output of a step that fails
 */
export function trainingPython(say: (line: string) => void): string {
  const folder = join(packageRoot(), ".training");
  const venv = join(folder, "venv");
  const python = join(venv, "bin", "python");
  const stamp = join(folder, "stamp");
  const requirements = join(packageRoot(), "training", "requirements.txt");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && existsSync(python) && readFileSync(stamp, "utf8") === wanted) return python;
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  run(
    "a virtual environment for training",
    "python3",
    ["-m", "venv", "--clear", venv],
    "python3 with its venv module is needed: apt install python3-venv",
  );
  run(
    "PyTorch and other packages for training (about 5 GB on disk, 2 to 5 minutes)",
    python,
    ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", requirements],
    "pip could not install them: check the connection to a package index",
  );
  writeFileSync(stamp, wanted);
  return python;

  function run(what: string, command: string, args: string[], fix: string): void {
    say(what);
    const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) throw new Error(`${what}: ${command} ${error?.message ?? `ended with ${status}`}; ${fix}`);
  }
}
