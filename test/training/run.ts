import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { trainingPython } from "../../src/cli/trainingPython.js";
import { packageRoot } from "../../src/config/index.js";

/**
 * `npm run test:training`: the laws of training, in the training's own Python, which is set up first. Apart from `npm
 * test`, which needs no PyTorch.
 */
const python = trainingPython((line) => process.stderr.write(`setting up: ${line} …\n`));
const folder = join(packageRoot(), "training");
const set = spawnSync(
  python,
  ["-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", join(folder, "requirements-test.txt")],
  { stdio: "inherit" },
);
if (set.status !== 0) throw new Error("pip could not install what the tests need: is there a way to a package index?");
const { status } = spawnSync(
  python,
  ["-W", "ignore", "-m", "unittest", "discover", "-v", "-s", join(folder, "tests")],
  { stdio: "inherit", env: { ...process.env, PYTHONPATH: folder } },
);
process.exitCode = status ?? 1;
