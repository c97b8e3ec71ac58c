import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import type { LevelConfig } from "../../agent/setup/AgentConfig.js";
import { packageRoot } from "../../config/index.js";
import type { LearnedModel } from "../../worldmodel/learned/onnx/index.js";
import { quantile } from "../quantile.js";
import type { Bench } from "./Bench.js";
import { OWN } from "./drawViews.js";
import type { Planned } from "./Planned.js";
import { FUTURES, learned } from "./policies.js";
import { runEpisode } from "./runEpisode.js";

/** The searches of one round. */
export interface Pace {
  readonly p50: number; // s per search
  readonly rollouts: number; // per second
}

/**
 * Compares three searches: the agent's, the agent's without the checks that PyTorch's does not make, and a plain one in
 * PyTorch with the same weights. They take turns in every round, so that the machine is the same for all.
 */
export interface Race {
  readonly model: string;
  readonly agent: readonly Pace[];
  readonly plain: readonly Pace[];
  readonly pytorch: readonly Pace[];
  readonly skipped: string; // why there is no comparison, or ""
}

/** @param rounds after a first one, which does not count. @param plans per round and search */
export async function race(bench: Bench, model: LearnedModel, rounds: number, plans: number): Promise<Race> {
  const python = join(packageRoot(), ".training", "venv", "bin", "python");
  if (!existsSync(python))
    return {
      model: model.manifest.name,
      agent: [],
      plain: [],
      pytorch: [],
      skipped: "no Python with PyTorch: npm run test:training makes one",
    };
  // searches run to their end, so that both evaluate equally many sequences
  const level = { ...bench.level, search: { ...bench.level.search, patience: bench.level.search.iterations } };
  const settings = {
    ...level.search,
    ...level.learned!.energy,
    futures: model.manifest.noise > 0 ? Math.max(FUTURES, level.learned!.samples) : 1,
    step: level.tool.step,
    box: level.tool.box,
    horizon: level.horizon,
    knots: level.knots,
    dt: level.dt,
    urdf: bench.world.setup.robot.urdf,
    uncertainty: level.costs.uncertainty ?? 0,
    plans,
  };
  const child = spawn(python, ["-m", "telos_training.plan_time", resolve(model.folder), JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PYTHONPATH: join(packageRoot(), "training"), OMP_NUM_THREADS: "1" },
  });
  let said = "";
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  child.stdin.on("error", () => undefined); // the child has ended; its exit is reported below
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const searches: { time: number; rollouts: number }[] = [];
  const policy = (config: LevelConfig, setup?: AgentSetup): Planned =>
    learned(bench, model, "read-outs", { tell: (plan) => void searches.push(plan), level: config, setup });
  const { overlap: _, ...costs } = level.costs;
  const agent = policy(level),
    plain = policy({ ...level, costs }, bodiless(bench.world.setup));
  const paces = { agent: [] as Pace[], plain: [] as Pace[], pytorch: [] as Pace[] };
  try {
    for (let round = 0; round <= rounds; round++) {
      child.stdin.write("\n");
      const { done, value } = await answers.next();
      if (done)
        return {
          model: model.manifest.name,
          agent: [],
          plain: [],
          pytorch: [],
          skipped: said.trim().split("\n").at(-1) || "it ended without output",
        };
      paces.pytorch.push(pace(JSON.parse(value) as typeof searches));
      for (const [name, searcher] of Object.entries({ agent, plain })) {
        searches.length = 0;
        await runEpisode(bench.world, bench.episode("push", round), OWN, searcher, plans, level.dt);
        paces[name as "agent" | "plain"].push(pace(searches));
      }
    }
  } finally {
    child.kill();
  }
  return {
    model: model.manifest.name,
    agent: paces.agent.slice(1),
    plain: paces.plain.slice(1),
    pytorch: paces.pytorch.slice(1),
    skipped: "",
  };
}

/**
 * An arm without volume in an empty scene, so that no link is swept and no guardrail has anything to check. Plans are
 * executed with the full arm.
 */
function bodiless({ arm, ...setup }: AgentSetup): AgentSetup {
  return { ...setup, arm: { ...arm, capsules: [], selfPairs: new Int32Array(0) }, fixed: [], fixedIds: [] };
}

function pace(searches: readonly { readonly time: number; readonly rollouts: number }[]): Pace {
  const sum = (key: "time" | "rollouts"): number => searches.reduce((total, s) => total + s[key], 0);
  return {
    p50: quantile(
      searches.map((s) => s.time),
      0.5,
    ),
    rollouts: sum("rollouts") / sum("time"),
  };
}
