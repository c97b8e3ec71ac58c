import type { AgentStatus, TaskCode, TaskResult } from "../agent/AgentPort.js";
import type { Seconds } from "../core/Seconds.js";
import { taskCodes } from "../adapters/ros/agent/taskCodes.js";

/** Planning times, ms. */
export interface PlanTimes {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The result of a run: what `telos run --json` prints. Missing numbers (no plan was made) are 0. */
export interface RunSummary {
  readonly success: boolean;
  readonly error_code: number; // of telos_interfaces/action/Accomplish
  readonly error: string;
  readonly duration_s: number; // from the task's acceptance to its result, by the wall clock
  readonly sim_time_s: number; // the same in simulated time
  readonly energy: number; // missing tolerances at the end, 0 if the goals hold
  readonly replans: number; // of all levels
  readonly plan_ms: PlanTimes; // of the lowest planning level, the one in real time
  readonly guardrail: {
    readonly checks: number;
    readonly limited: number;
    readonly stopped: number;
    readonly violations: number;
  };
  readonly levels: readonly {
    readonly name: string;
    readonly replans: number;
    readonly rollouts: number;
    readonly late: number;
    readonly plan_ms: PlanTimes;
  }[];
  readonly first_motion_s: number; // from the start of the command to the first command to the arm; 0 if none left
  readonly log: string; // path of the episode log, "" if none
}

/** The data of a finished run. */
export interface RunRecord {
  readonly result: TaskResult;
  readonly status: AgentStatus | undefined; // the last
  readonly wall: Seconds;
  readonly violations: number; // forbidden contacts and exceeded limits, by the simulator's ground truth
  readonly firstMotion: Seconds;
  readonly log: string;
}

export function summarise({ result, status, wall, violations, firstMotion, log }: RunRecord): RunSummary {
  const times = (l: { p50: Seconds; p99: Seconds; max: Seconds }): PlanTimes => ({
    p50: ms(l.p50),
    p99: ms(l.p99),
    max: ms(l.max),
  });
  const { checks, limited, stopped } = status?.guardrail ?? { checks: 0, limited: 0, stopped: 0 };
  const levels = (status?.levels ?? []).map((l) => ({
    name: l.name,
    replans: l.plans,
    rollouts: l.rollouts,
    late: l.late,
    plan_ms: times(l),
  }));
  return {
    success: result.success,
    error_code: taskCodes[result.code],
    error: result.message,
    duration_s: round(wall, 3),
    sim_time_s: round(result.duration, 3),
    energy: round(result.energy, 6),
    replans: levels.reduce((sum, l) => sum + l.replans, 0),
    plan_ms: levels.at(-1)?.plan_ms ?? { p50: 0, p99: 0, max: 0 },
    guardrail: { checks, limited, stopped, violations },
    levels,
    first_motion_s: round(firstMotion, 3),
    log,
  };
}

/** The summary of a run that failed before its task. */
export function failure(code: TaskCode, message: string): RunSummary {
  return summarise({
    result: { success: false, code, message, energy: 0, duration: 0 },
    status: undefined,
    wall: 0,
    violations: 0,
    firstMotion: 0,
    log: "",
  });
}

/** The summary as text. */
export function describeRun(s: RunSummary): string {
  const { checks, limited, stopped, violations } = s.guardrail;
  const levels = s.levels.map(
    (l) =>
      `  ${l.name.padEnd(8)} ${l.replans} plans, ${l.rollouts} rollouts, ${l.plan_ms.p50} ms each (p99 ` +
      `${l.plan_ms.p99}, max ${l.plan_ms.max})`,
  );
  return [
    s.success ? `done in ${s.sim_time_s.toFixed(2)} s` : `not done: ${s.error}`,
    ...levels,
    `  filter   ${checks} steps checked, ${limited} limited, ${stopped} stopped; ${violations} violations by the ` +
      "simulator's ground truth",
    ...(s.first_motion_s > 0 ? [`  start    first motion ${s.first_motion_s.toFixed(1)} s after the command`] : []),
    ...(s.log === "" ? [] : [`  log      ${s.log}`]),
  ].join("\n");
}

const ms = (t: Seconds): number => round(1000 * t, 2);

function round(x: number, digits: number): number {
  return Number.isFinite(x) ? Number(x.toFixed(digits)) : 0;
}
