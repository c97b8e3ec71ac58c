import { createHash } from "node:crypto";
import { cpus, loadavg } from "node:os";
import { loadModel, resolveModel, type LearnedModel } from "../../worldmodel/learned/onnx/index.js";
import { quantile } from "../quantile.js";
import { Bench } from "./Bench.js";
import { diagnose, type Diagnosis } from "./diagnose.js";
import { OWN, UNSEEN } from "./drawViews.js";
import type { Episode } from "./Episode.js";
import { Idle } from "./Idle.js";
import type { Policy } from "./Policy.js";
import { learned, oracle, seeingOracle } from "./policies.js";
import { race, type Race } from "./race.js";
import { RandomTool } from "./RandomTool.js";
import { Results } from "./Results.js";
import { runEpisode, type Outcome } from "./runEpisode.js";
import { wilson, type Share } from "./wilson.js";

export interface WorldModelBenchOptions {
  readonly models: readonly string[]; // names in models/ or folders
  readonly episodes: number; // per cell
  readonly oracle: number; // episodes with true dynamics; these are slow
  readonly moved: number; // episodes per view that no model was trained on
  readonly recorded: number; // explored episodes for measuring predictions
  readonly race: number; // rounds of plan times against PyTorch
  readonly steps: number; // budget of an episode, model steps
  readonly world: string; // a configuration of `telos collect`
  readonly seed: number;
  readonly out: string; // file of the results so far
}

/** Results of one policy on one kind of task with one view. */
export interface Cell {
  readonly model: string; // "" if the policy uses none
  readonly policy: string;
  readonly kind: Episode["kind"];
  readonly plan: { readonly p50: number; readonly p99: number; readonly rollouts: number }; // s; rollouts a second
  readonly view: string;
  readonly success: Share;
  readonly distance: { readonly p50: number; readonly p90: number }; // m, at the end
  readonly before: number; // m, median at the start
  readonly faults: number; // episodes ended by a fault
}

/** All results of one run, as `--json` prints them. */
export interface WorldModelReport {
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly options: WorldModelBenchOptions;
  readonly cells: readonly Cell[];
  readonly diagnoses: readonly Diagnosis[];
  readonly races: readonly Race[];
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>; // by model: the metrics of its training
  readonly took_s: number;
}

/** Measures what is not yet in the file `out`. `say` gets the progress. */
export async function runBench(
  options: WorldModelBenchOptions,
  say: (text: string) => void,
): Promise<WorldModelReport> {
  const began = performance.now(),
    load = loadavg()[0];
  const bench = await Bench.create(options.seed, options.world);
  const results = new Results(options.out);
  const settings = hash([bench.level, bench.collection, options.steps, options.seed]);
  const cells: Cell[] = [];
  const run = async (
    model: LearnedModel | undefined,
    policy: Policy,
    kind: Episode["kind"],
    view: string,
    count: number,
  ): Promise<void> => {
    if (count === 0) return;
    const name = model?.manifest.name ?? "",
      id = model === undefined ? "" : weights(model);
    const outcomes: Outcome[] = [];
    for (let i = 0; i < count; i++) {
      outcomes.push(
        await results.get(`${settings} ${id} ${policy.name} ${kind} ${view} ${i}`, () =>
          runEpisode(bench.world, bench.episode(kind, i), view, policy, options.steps, bench.level.dt),
        ),
      );
      const good = outcomes.filter((o) => o.success).length;
      say(`${name === "" ? "" : `${name}: `}${policy.name}, ${kind}, camera ${view}: ${good} of ${i + 1} (${count})`);
    }
    cells.push(cell(name, policy.name, kind, view, outcomes));
  };
  for (const kind of ["push", "reach"] as const) {
    await run(undefined, new Idle(), kind, OWN, options.episodes);
    await run(undefined, new RandomTool(bench.script), kind, OWN, options.episodes);
  }
  await run(undefined, oracle(bench), "push", OWN, options.oracle);
  const diagnoses: Diagnosis[] = [],
    races: Race[] = [],
    metrics: Record<string, Record<string, number>> = {};
  for (const folder of options.models) {
    const model = await loadModel(resolveModel(folder));
    const policy = learned(bench, model, "read-outs");
    await run(model, seeingOracle(bench, model), "push", OWN, options.oracle);
    await run(model, policy, "push", OWN, options.episodes);
    await run(model, policy, "reach", OWN, options.episodes);
    await run(model, learned(bench, model, "latents"), "push", OWN, options.episodes);
    if (model.manifest.latent.steps !== undefined)
      await run(model, learned(bench, model, "steps to go"), "push", OWN, options.episodes);
    for (const view of UNSEEN)
      for (const kind of ["push", "reach"] as const) await run(model, policy, kind, view, options.moved);
    if (options.recorded > 0)
      diagnoses.push(
        await results.get(`${settings} ${weights(model)} diagnosis ${options.recorded}`, () =>
          diagnose(bench, model, options.recorded, options.steps, say),
        ),
      );
    if (options.race > 0) {
      say(`${model.manifest.name}: plan times, compared with PyTorch's`);
      // not kept from an earlier run: both searches must run on the same machine
      races.push(await race(bench, model, options.race, options.steps));
    }
    metrics[model.manifest.name] = (model.manifest.metrics ?? {}) as Record<string, number>;
  }
  bench.dispose();
  return {
    machine: { cores: cpus().length, load, node: process.version },
    options,
    cells,
    diagnoses,
    races,
    metrics,
    took_s: (performance.now() - began) / 1000,
  };
}

function cell(model: string, policy: string, kind: Episode["kind"], view: string, outcomes: readonly Outcome[]): Cell {
  const ends = outcomes.map((o) => o.distance),
    times = outcomes.flatMap((o) => o.planTimes);
  return {
    model,
    policy,
    kind,
    view,
    success: wilson(outcomes.filter((o) => o.success).length, outcomes.length),
    distance: { p50: quantile(ends, 0.5), p90: quantile(ends, 0.9) },
    before: quantile(
      outcomes.map((o) => o.before),
      0.5,
    ),
    faults: outcomes.filter((o) => o.fault !== "").length,
    plan: {
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      rollouts: outcomes.reduce((sum, o) => sum + o.rollouts, 0) / times.reduce((sum, t) => sum + t, 0),
    },
  };
}

const hash = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 12);
const weights = ({ manifest: { files } }: LearnedModel): string => hash([files.encoder.sha256, files.predictor.sha256]);
