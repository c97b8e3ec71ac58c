import { cpus, loadavg } from "node:os";
import { loadSetup } from "../agent/setup/AgentSetup.js";
import { filterTimes, type FilterTime } from "./filterTimes.js";
import { reactions, type Reactions } from "./reactions.js";
import { drawGoals } from "./drawGoals.js";
import { rosIsHere } from "./World.js";
import { firstMotion } from "./firstMotion.js";
import { inProcess, type InProcessResult } from "./inProcess.js";
import { overDds, type OverDdsResult } from "./overDds.js";
import { quantile } from "./quantile.js";
import { ratios, type Ratios } from "./ratios.js";
import type { Trial } from "./Trial.js";

export interface BenchOptions {
  readonly free: number; // goals per scene, in one process
  readonly goals: number; // goals over DDS, in all scenes together
  readonly seed: number;
}

/** Cost of the safety filter without disturbances: the same goals, seeds and plans with and without it. */
export interface FilterCost {
  readonly scene: string;
  readonly checks: number; // ticks of the safety filter
  readonly limited: number; // share of them that it reduced
  readonly stopped: number; // share of them that it replaced by the fail-safe trajectory
  readonly slowdown: number; // in the sum of the times to goal, over goals reached both times: 0.05 is 5 % longer
  readonly slowdownMedian: number; // median over these goals
}

export interface SceneFigures extends Ratios {
  readonly scene: string;
  readonly goals: number;
  readonly success: number; // share
  readonly limit_violations: number;
  readonly contacts: number;
  readonly failures: readonly string[];
}

/** All results of one bench, as `--json` prints them. */
export interface BenchReport {
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly seed: number;
  readonly in_process: readonly SceneFigures[];
  readonly tick_us: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  readonly filter: readonly FilterCost[];
  readonly reactions: readonly Reactions[];
  readonly filter_us: readonly FilterTime[];
  readonly over_dds: readonly (SceneFigures & Omit<OverDdsResult, "trials">)[];
  readonly first_motion_s: number; // NaN without ROS 2
  readonly took_s: number;
}

const SCENES = ["table", "wall"];
const SHORT_LEAD = 0.005; // s, to show the reactions if commands did not have to be sent so early
const DOMAIN = 7; // our first domain, added to ROS_DOMAIN_ID

/** Measures everything; `say` gets the progress. */
export async function runBench({ free, goals, seed }: BenchOptions, say: (text: string) => void): Promise<BenchReport> {
  const began = performance.now();
  const setups = SCENES.map((scene) => loadSetup({ robot: "arm7", agent: "default", scene }));
  const drawn = setups.map((setup) => drawGoals(setup, Math.max(free, goals), seed));
  const load = loadavg()[0];
  const inside: SceneFigures[] = [];
  const filter: FilterCost[] = [];
  const ticks: number[] = [];
  for (const [i, scene] of SCENES.entries()) {
    if (free === 0) break;
    const some = drawn[i].slice(0, free);
    const result = await inProcess(setups[i], scene, some, "filter", (n, t) =>
      say(`${scene}, in one process: ${n} of ${free}${t.success ? "" : `  failed: ${t.why}`}`),
    );
    const bare = await inProcess(setups[i], scene, some, "joint limits", (n) =>
      say(`${scene}, in one process, without the safety filter: ${n} of ${free}`),
    );
    filter.push(filterCost(scene, result, bare.trials));
    ticks.push(...result.ticks);
    inside.push({ ...figures(scene, result.trials), ...(await ratios(result.trials, setups[i], say)) });
  }
  const reacted: Reactions[] = [];
  for (const lead of new Set([setups[0].agent.reflex.lead, SHORT_LEAD]))
    reacted.push(await reactions(setups[0], SCENES[0], lead, Math.min(40, 4 * Math.max(1, free)), say));
  const gate = await filterTimes(say);
  const over: BenchReport["over_dds"][number][] = [];
  for (const [i, scene] of SCENES.entries()) {
    const count = i === 0 ? Math.ceil(goals / 2) : Math.floor(goals / 2);
    if (!rosIsHere || count === 0) continue;
    const { trials, ...rest } = await overDds(setups[i], scene, drawn[i].slice(0, count), DOMAIN + i, (n, t) =>
      say(`${scene}, over DDS: ${n} of ${count}${t.success ? "" : `  failed: ${t.why}`}`),
    );
    over.push({ ...figures(scene, trials), ...(await ratios(trials, setups[i], say)), ...rest });
  }
  if (rosIsHere) say("npm start");
  return {
    machine: { cores: cpus().length, load, node: process.version },
    seed,
    in_process: inside,
    tick_us: { count: ticks.length, p50: quantile(ticks, 0.5), p99: quantile(ticks, 0.99), max: quantile(ticks, 1) },
    filter,
    reactions: reacted,
    filter_us: gate,
    over_dds: over,
    first_motion_s:
      rosIsHere && goals > 0
        ? await firstMotion((Number(process.env.ROS_DOMAIN_ID ?? 0) + DOMAIN + SCENES.length) % 102)
        : NaN,
    took_s: (performance.now() - began) / 1000,
  };
}

function figures(scene: string, trials: readonly Trial[]): Omit<SceneFigures, keyof Ratios> {
  const violations = trials.flatMap((t) => t.violations);
  const contacts = violations.filter((v) => v.includes("contact") || v.includes("touches")).length;
  return {
    scene,
    goals: trials.length,
    success: trials.filter((t) => t.success).length / trials.length,
    limit_violations: violations.length - contacts,
    contacts,
    failures: [...trials.flatMap((t, i) => (t.success ? [] : [`goal ${i + 1}: ${t.why}`])), ...violations],
  };
}

function filterCost(
  scene: string,
  { trials, checks, limited, stopped }: InProcessResult,
  bare: readonly Trial[],
): FilterCost {
  const both = trials.map((t, i) => [t, bare[i]] as const).filter(([a, b]) => a.success && b.success);
  const sum = (side: 0 | 1): number => both.reduce((total, pair) => total + pair[side].time, 0);
  return {
    scene,
    checks,
    limited: limited / checks,
    stopped: stopped / checks,
    slowdown: sum(0) / sum(1) - 1,
    slowdownMedian: quantile(
      both.map(([a, b]) => a.time / b.time - 1),
      0.5,
    ),
  };
}
