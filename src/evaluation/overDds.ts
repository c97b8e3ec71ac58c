import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { PlanRecord } from "./Checker.js";
import type { DrawnGoal } from "./drawGoals.js";
import { World } from "./World.js";
import { ProcessMeter } from "./ProcessMeter.js";
import { quantile } from "./quantile.js";
import type { Trial } from "./Trial.js";

export interface LevelTimes {
  readonly level: string;
  readonly plans: number;
  readonly p50: number; // ms
  readonly p99: number; // ms
  readonly max: number; // ms
  readonly rate: number; // plans per simulated second of a task
  readonly rollouts: number; // per simulated second of a task
}

/** What one process uses: cores without a task, cores during a task, resident MB at the end. */
export interface Appetite {
  readonly idle: number;
  readonly busy: number;
  readonly memory: number;
}

export interface OverDdsResult {
  readonly trials: readonly Trial[];
  readonly levels: readonly LevelTimes[];
  readonly setOut: readonly number[]; // s from sending each goal to the arm's first motion
  readonly missed: number; // number of missed reflex deadlines
  // ms: the longest time by which a command came after its first point, as the simulator reports it once a second
  readonly late: number;
  readonly ticks: number; // of the reflex while tasks ran, computed from its period
  readonly agent: Appetite;
  readonly simulator: Appetite;
}

const HOLD = 0.5; // s that goals must hold; the default of a task
const IDLE = 4; // s over which CPU use without a task is measured
const DIAGNOSTICS = 1.2; // s until new diagnostics have arrived

/**
 * Runs the goals one after another, each from where the last one ended. Simulator and agent are processes that
 * communicate over DDS.
 */
export async function overDds(
  setup: AgentSetup,
  scene: string,
  goals: readonly DrawnGoal[],
  domain: number,
  tell: (done: number, trial: Trial) => void,
): Promise<OverDdsResult> {
  const world = new World({
    domain,
    sim: ["--scene", scene, "--objects"],
    agent: ["--scene", scene],
    checker: ["--plans"],
  });
  try {
    await world.open();
    const { checker } = world;
    await checker.sleep(2); // threads warm up
    const meters = [new ProcessMeter(world.agent.pid), new ProcessMeter(world.sim.pid)];
    await checker.sleep(IDLE);
    const idle = meters.map((m) => m.cores());
    const before = missed(await checker.diagnostics());
    const trials: Trial[] = [];
    const records: PlanRecord["plans"][number][] = [];
    const setOut: number[] = [];
    const busy = [0, 0];
    let took = 0;
    const joints = async (): Promise<number[]> => {
      const { joints: q } = await checker.verdict();
      return setup.arm.jointNames.map((name) => q[name]);
    };
    for (const { task } of goals) {
      const from = await joints();
      await checker.begin();
      meters.forEach((m) => m.cores());
      const began = performance.now();
      const end = await checker.accomplish(task);
      const wall = (performance.now() - began) / 1000;
      meters.forEach((m, i) => (busy[i] += m.cores() * wall));
      took += wall;
      records.push(...(await checker.plans()).plans);
      await checker.sleep(0.2);
      const { violations, set_out } = await checker.verdict();
      if (set_out !== null) setOut.push(set_out);
      trials.push({
        scene,
        success: end.success,
        why: end.message,
        time: end.duration - HOLD,
        from,
        to: await joints(),
        task,
        violations: violations.map((v) => `${v.kind}: ${v.how}`),
      });
      tell(trials.length, trials.at(-1)!);
    }
    await checker.sleep(DIAGNOSTICS);
    const appetite = (i: number): Appetite => ({ idle: idle[i], busy: busy[i] / took, memory: meters[i].memory() });
    const seconds = trials.reduce((sum, t) => sum + t.time + HOLD, 0);
    const late = Math.max(
      0,
      ...[...world.sim.since(0).matchAll(/came (\d+) ms after its beginning/g)].map((m) => Number(m[1])),
    );
    const ticks = Math.round(seconds / setup.agent.reflex.period);
    return {
      trials,
      levels: levelTimes(records, seconds),
      setOut,
      missed: missed(await checker.diagnostics()) - before,
      late,
      ticks,
      agent: appetite(0),
      simulator: appetite(1),
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${world.output()}`);
  } finally {
    await world.close();
  }
}

function missed(diagnostics: Readonly<Record<string, { readonly values: Readonly<Record<string, string>> }>>): number {
  return Number(diagnostics.reflex?.values["missed deadlines"] ?? 0);
}

/** Every message repeats the latest plan of each level, so only changed plans count. */
function levelTimes(records: PlanRecord["plans"], seconds: number): LevelTimes[] {
  const times = new Map<string, number[]>();
  const rollouts = new Map<string, number>();
  const last = new Map<string, number>();
  for (const [, levels] of records) {
    for (const [level, time, tried] of levels) {
      if (last.get(level) === time) continue;
      last.set(level, time);
      times.set(level, [...(times.get(level) ?? []), 1000 * time]);
      rollouts.set(level, (rollouts.get(level) ?? 0) + tried);
    }
  }
  return [...times].map(([level, ms]) => ({
    level,
    plans: ms.length,
    p50: quantile(ms, 0.5),
    p99: quantile(ms, 0.99),
    max: Math.max(...ms),
    rate: ms.length / seconds,
    rollouts: rollouts.get(level)! / seconds,
  }));
}
