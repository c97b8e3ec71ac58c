import { getPriority, loadavg } from "node:os";
import { loadSetup } from "../agent/setup/AgentSetup.js";
import type { Seconds } from "../core/Seconds.js";
import { drawGoals } from "./drawGoals.js";
import { World } from "./World.js";
import { busyCores } from "./busyCores.js";
import { quantile } from "./quantile.js";

/** Results of one scene's goals while other programs keep cores busy. */
export interface LoadFigures {
  readonly scene: string;
  readonly busy: number; // number of busy programs
  readonly load: number; // load average of the last minute, at the end
  readonly niceness: number; // of the agent's main thread: below 0 if the machine allows a higher priority
  readonly goals: number;
  readonly reached: number;
  readonly times: readonly Seconds[]; // to the goal, for goals that were reached
  readonly violations: readonly string[];
  readonly stops: string; // how many by each reason, as the agent reports
  readonly silence: string; // between joint states, p99 and longest, as the agent reports
  readonly missed: string; // missed reflex deadlines
  readonly planning: Readonly<Record<string, string>>; // by level
  readonly failures: readonly string[];
}

const WARM: Seconds = 2;
const TOLD: Seconds = 1.2; // until new diagnostics have arrived
const PUSH = "push_to_image";
const SCENES: Readonly<Record<string, readonly string[]>> = { table: ["--objects"], wall: ["--objects"], [PUSH]: [] };

/** Runs the same goals in every scene over DDS while `busy` other programs each keep one core busy. */
export async function underLoad(
  busy: number,
  goals: number,
  seed: number,
  domain: number,
  say: (text: string) => void,
): Promise<LoadFigures[]> {
  const figures: LoadFigures[] = [];
  for (const [i, [scene, sim]] of Object.entries(SCENES).entries())
    figures.push(await one(scene, sim, busy, goals, seed, domain + i, say));
  return figures;
}

async function one(
  scene: string,
  sim: readonly string[],
  busy: number,
  goals: number,
  seed: number,
  domain: number,
  say: (text: string) => void,
): Promise<LoadFigures> {
  const pushes = scene === PUSH;
  const setup = loadSetup({ robot: "arm7", agent: pushes ? "learned" : "default", scene });
  const tasks = pushes
    ? Array.from({ length: Math.ceil(goals / 2) }, () => PUSH)
    : drawGoals(setup, goals, seed).map((g) => g.task);
  const world = new World({
    domain,
    sim: ["--scene", scene, ...sim],
    agent: ["--scene", scene, "--agent", setup.agent.name],
  });
  const end = busyCores(busy);
  try {
    await world.open();
    const { checker } = world;
    await checker.sleep(WARM);
    const times: Seconds[] = [],
      failures: string[] = [],
      violations: string[] = [];
    for (const [n, task] of tasks.entries()) {
      if (pushes && n > 0) await checker.resetScene(scene);
      await checker.begin();
      const { success, message, duration } = await checker.accomplish(task);
      if (success) times.push(duration - 0.5);
      else failures.push(`goal ${n + 1}: ${message}`);
      await checker.sleep(0.2);
      violations.push(...(await checker.verdict()).violations.map((v) => `${v.kind}: ${v.how}`));
      say(`${scene}, ${busy} busy cores: ${n + 1} of ${tasks.length}${success ? "" : `  failed: ${message}`}`);
      if (!success) await checker.reset();
    }
    await checker.sleep(TOLD);
    const { inputs, reflex, planning, guardrails } = await checker.diagnostics();
    const { task: _, ...levels } = planning.values;
    return {
      scene,
      busy,
      load: loadavg()[0],
      niceness: getPriority(world.agent.pid),
      goals: tasks.length,
      reached: times.length,
      times,
      violations,
      failures,
      stops: guardrails.values.stops,
      silence: inputs.values["joint_states silent"],
      missed: reflex.values["missed deadlines"],
      planning: levels,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${world.output()}`);
  } finally {
    end();
    await world.close();
  }
}

/** The results as text, a few lines per scene. */
export function loadTable(figures: readonly LoadFigures[]): string {
  const lines = figures.flatMap((f) => [
    `${f.scene}, ${f.busy} busy cores, load ${f.load.toFixed(1)}: ${f.reached} of ${f.goals} reached, median ` +
      `${quantile(f.times, 0.5).toFixed(2)} s, longest ${Math.max(...f.times).toFixed(2)} s; joint states silent ` +
      `${f.silence}; stops ${f.stops || "none"}; ${f.missed} deadlines missed`,
    ...Object.entries(f.planning).map(([level, told]) => `    ${level}: ${told}`),
    ...[...f.failures, ...f.violations].map((x) => `    ${x}`),
  ]);
  return [...lines, `niceness of simulator and agent: ${figures[0].niceness}`].join("\n");
}
