// Installs the linters of Python in a venv of their own.
import { join } from "node:path";
import { findPython } from "./host.mjs";
import { LINTERS } from "./paths.mjs";

export async function installLinters(job, lock) {
  await job.exec(findPython().executable, ["-m", "venv", "--clear", LINTERS]);
  await job.exec(
    join(LINTERS, "bin", "python"),
    ["-m", "pip", "install", "--no-deps", "--disable-pip-version-check", "-r", lock],
    {
      env: { ...process.env, PYTHONPATH: "" },
    },
  );
}
