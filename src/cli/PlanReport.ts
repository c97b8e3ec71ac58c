import type { PlannedOnce } from "../agent/planOnce.js";
import type { TaskCode } from "../agent/AgentPort.js";
import type { Plan } from "../core/Plan.js";
import { Kinematics, tellSelfPair, type Arm } from "../kinematics/index.js";
import { taskCodes } from "../adapters/ros/agent/taskCodes.js";

/** One level's plan. The waypoints are at the beginning and end of each action. */
export interface LevelReport {
  readonly level: string;
  readonly feasible: boolean;
  readonly energy: number;
  readonly energies: Readonly<Record<string, number>>; // by term, weighted
  readonly iterations: number;
  readonly rollouts: number;
  readonly time_ms: number;
  readonly duration_s: number;
  readonly waypoints: readonly {
    readonly t: number;
    readonly tool: readonly number[];
    readonly joints: readonly number[];
  }[]; // s, m, rad
}

/** What `telos plan --json` prints. */
export interface PlanReport {
  readonly success: boolean;
  readonly error_code: number;
  readonly error: string;
  readonly task: string;
  readonly scene: string;
  readonly robot: string;
  readonly seed: number;
  readonly goal_error: number; // at the plan's end, in tolerances
  readonly rounds: number; // plans of the top level, one after the other, that it took to get there
  readonly repeatable: boolean; // true if no search was cut short by its deadline
  readonly levels: readonly LevelReport[];
}

/** @param about names for the reader @param selfClearance m, the distance that links must keep from each other */
export function reportPlan(
  arm: Arm,
  { plans, error, rounds, refusal, start, cut }: PlannedOnce,
  about: Pick<PlanReport, "task" | "scene" | "robot" | "seed">,
  selfClearance: number,
): PlanReport {
  const bad = plans.find((p) => !p.feasible);
  const broken = start
    .filter((m) => !(m.value >= 0))
    .map((m) => `; the start itself breaks ${m.name} by ${(-m.value).toPrecision(2)} ${m.unit}`);
  const code: TaskCode = bad !== undefined || !(error <= 1) ? "NO_PLAN" : "NONE";
  const fault = (): string => {
    if (bad !== undefined)
      return (
        `${bad.level} found no plan that keeps the guardrails in ${bad.rollouts} ` +
        `rollouts${broken.join("")}${tellSelfPair(arm, bad.q, selfClearance, bad.obstruction?.by === "self_collision")}`
      );
    if (error <= 1) return "";
    const seconds = (rounds * plans[0].H * plans[0].dt).toFixed(1);
    return `the plan of ${seconds} s ends ${error.toFixed(1)} tolerances from the goal`;
  };
  const why = refusal ?? fault();
  return {
    success: code === "NONE",
    error_code: taskCodes[code],
    error: why,
    ...about,
    goal_error: finite(error),
    rounds,
    repeatable: !cut,
    levels: plans.map((plan) => reportLevel(arm, plan)),
  };
}

function reportLevel(arm: Arm, plan: Plan): LevelReport {
  const kinematics = new Kinematics(arm);
  const waypoints = Array.from({ length: plan.H + 1 }, (_, h) => {
    const row = h * plan.substeps * plan.nq;
    kinematics.forward(plan.q, row);
    const { tool } = kinematics;
    return {
      t: round(h * plan.dt, 4),
      tool: [tool[3], tool[7], tool[11]].map((x) => round(x, 6)),
      joints: [...plan.q.subarray(row, row + plan.nq)].map((x) => round(x, 6)),
    };
  });
  return {
    level: plan.level,
    feasible: plan.feasible,
    energy: finite(plan.energy),
    energies: Object.fromEntries(Object.entries(plan.energies).map(([name, e]) => [name, finite(e)])),
    iterations: plan.iterations,
    rollouts: plan.rollouts,
    time_ms: round(1000 * plan.time, 2),
    duration_s: round(plan.H * plan.dt, 4),
    waypoints,
  };
}

/** The report as text. Waypoints are given as tool positions. */
export function describePlan(r: PlanReport): string {
  const levels = r.levels.map((l) => {
    const terms = Object.entries(l.energies).map(([name, e]) => `${name} ${e.toPrecision(3)}`);
    const head =
      `${l.level}: ${l.feasible ? "keeps" : "breaks"} the guardrails, energy ${l.energy.toPrecision(4)} ` +
      `(${terms.join(", ")}), ${l.iterations} iterations, ${l.rollouts} rollouts, ${l.time_ms.toFixed(0)} ms`;
    const rows = l.waypoints.map(
      (w) => `  ${w.t.toFixed(2).padStart(6)} s   tool ${w.tool.map((x) => x.toFixed(3).padStart(7)).join(" ")} m`,
    );
    return [head, ...rows].join("\n");
  });
  const end = r.success
    ? `reaches the goal: it ends ${r.goal_error.toFixed(2)} tolerances from it` +
      `${r.rounds > 1 ? `, after ${r.rounds} plans one after the other` : ""}`
    : `does not reach the goal: ${r.error}`;
  return [
    `${r.task} in scene ${r.scene} with ${r.robot}, seed ${r.seed}`,
    ...levels,
    end,
    ...(r.repeatable ? [] : ["a deadline cut a search short: the same seed may give another plan"]),
  ].join("\n\n");
}

const finite = (x: number): number => (Number.isFinite(x) ? round(x, 6) : Number.MAX_VALUE);

function round(x: number, digits: number): number {
  return Number(x.toFixed(digits));
}
