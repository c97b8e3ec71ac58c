import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../../src/config/index.js";
import type { LearnedModel } from "../../src/onnx/index.js";
import { quantile } from "../quantile.js";
import type { Bench } from "./Bench.js";
import { OWN } from "./drawViews.js";
import { FUTURES, learned } from "./policies.js";
import { runEpisode } from "./runEpisode.js";

/** Searches of one round. */
export interface Pace {
  readonly p50: number; // s a search
  readonly rollouts: number; // a second
}

/** The agent's search and a plain one in PyTorch with the same weights, round by round in turn, so that both had the same machine. */
export interface Race {
  readonly model: string;
  readonly ours: readonly Pace[];
  readonly pytorch: readonly Pace[];
  readonly skipped: string; // why there is nothing to compare with, or nothing
}

/** @param rounds after a first one that counts nothing. @param plans of each */
export async function race(bench: Bench, model: LearnedModel, rounds: number, plans: number): Promise<Race> {
  const python = join(packageRoot(), ".training", "venv", "bin", "python");
  if (!existsSync(python)) return { model: model.manifest.name, ours: [], pytorch: [], skipped: "no Python with PyTorch: npm run test:training makes one" };
  const level = { ...bench.level, search: { ...bench.level.search, patience: bench.level.search.iterations } }; // whole searches, so that both judge as many sequences
  const settings = { ...level.search, ...level.learned!.energy, futures: model.manifest.noise > 0 ? Math.max(FUTURES, level.learned!.samples) : 1, step: level.tool.step, box: level.tool.box, horizon: level.horizon, knots: level.knots, dt: level.dt, urdf: bench.world.setup.robot.urdf, uncertainty: level.costs.uncertainty ?? 0, plans };
  const child = spawn(python, ["-m", "telos_training.plan_time", resolve(model.folder), JSON.stringify(settings)], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, PYTHONPATH: join(packageRoot(), "training"), OMP_NUM_THREADS: "1" } });
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  child.stdin.on("error", () => undefined); // it ended: told below
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const searches: { time: number; rollouts: number }[] = [];
  const policy = learned(bench, model, "read-outs", (plan) => void searches.push(plan), level);
  const ours: Pace[] = [], pytorch: Pace[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      child.stdin.write("\n");
      const { done, value } = await answers.next();
      if (done) return { model: model.manifest.name, ours: [], pytorch: [], skipped: said.trim().split("\n").at(-1) || "it ended without a word" };
      pytorch.push(pace(JSON.parse(value) as typeof searches));
      searches.length = 0;
      await runEpisode(bench.world, bench.episode("push", round), OWN, policy, plans, level.dt);
      ours.push(pace(searches));
    }
  } finally {
    child.kill();
  }
  return { model: model.manifest.name, ours: ours.slice(1), pytorch: pytorch.slice(1), skipped: "" };
}

function pace(searches: readonly { readonly time: number; readonly rollouts: number }[]): Pace {
  const sum = (key: "time" | "rollouts"): number => searches.reduce((total, s) => total + s[key], 0);
  return { p50: quantile(searches.map((s) => s.time), 0.5), rollouts: sum("rollouts") / sum("time") };
}
