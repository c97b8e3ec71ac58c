import { execFile, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../config/index.js";
import type { JointLimits } from "../core/JointLimits.js";
import type { Seconds } from "../core/Seconds.js";

export const RUCKIG = "ruckig==0.19.4";
export const SAMPLE: Seconds = 0.01; // between samples

/** A trajectory from rest to rest. */
export interface Way {
  readonly from: readonly number[]; // rad
  readonly to: readonly number[]; // rad
}

export interface OptimalWay {
  readonly duration: Seconds;
  readonly samples: readonly (readonly number[])[]; // rad, every SAMPLE
}

/**
 * The fastest trajectories under the limits of velocity and acceleration, in free space and with infinite jerk. Ruckig
 * computes them.
 */
export async function timeOptimal(
  ways: readonly Way[],
  limits: Pick<JointLimits, "velocity" | "acceleration">,
  say: (text: string) => void,
): Promise<OptimalWay[]> {
  const python = await ruckigPython(say);
  const velocity = [...limits.velocity],
    acceleration = [...limits.acceleration];
  const problems = ways.map((w) => ({ from: w.from, to: w.to, velocity, acceleration }));
  const child = spawn(python, [join(packageRoot(), "src", "evaluation", "ruckig_times.py")], {
    env: { ...process.env, PYTHONPATH: "" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "",
    err = "";
  child.stdout.on("data", (d) => (out += d));
  child.stderr.on("data", (d) => (err += d));
  child.stdin.end(JSON.stringify({ problems }));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`Ruckig failed: ${err.trim().split("\n").at(-1)}`);
  return JSON.parse(out) as OptimalWay[];
}

/** Makes a virtual environment with Ruckig in it when it is first needed. @returns its Python */
export async function ruckigPython(say: (text: string) => void): Promise<string> {
  const run = promisify(execFile);
  const folder = join(packageRoot(), ".ros", "bench");
  const python = join(folder, "bin", "python");
  const env = { ...process.env, PYTHONPATH: "" };
  const has = (): Promise<boolean> =>
    run(
      python,
      ["-c", `import importlib.metadata as m, sys; sys.exit(m.version("ruckig") != "${RUCKIG.split("==")[1]}")`],
      { env },
    ).then(
      () => true,
      () => false,
    );
  if (existsSync(python) && (await has())) return python;
  say(`installing ${RUCKIG} from PyPI into .ros/bench, once`);
  rmSync(folder, { recursive: true, force: true });
  await run("python3", ["-m", "venv", folder], { env });
  await run(python, ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", RUCKIG], {
    env,
  }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`${RUCKIG} could not be installed: ${error.stderr?.trim().split("\n").at(-1) ?? error.message}`);
  });
  return python;
}
