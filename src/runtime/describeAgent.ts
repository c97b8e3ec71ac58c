import type { AgentStatus, TaskFeedback } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { neededInputs } from "../agent/setup/neededInputs.js";
import type { ActiveTask } from "../agent/task/ActiveTask.js";
import type { Seconds } from "../core/Seconds.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";
import { stopCause } from "../reflex/stopCause.js";
import type { AgentStatistics } from "./AgentStatistics.js";
import type { CameraInput } from "./CameraInput.js";
import type { Ingress } from "./ingress/Ingress.js";
import type { ReflexControl } from "./ReflexControl.js";
import type { Tasks } from "./Tasks.js";

/** Parts that a status is made from. */
export interface Described {
  readonly setup: AgentSetup;
  readonly log: EpisodeLog | undefined;
  readonly ingress: Ingress;
  readonly camera: CameraInput;
  readonly control: ReflexControl;
  readonly tasks: Tasks;
  readonly statistics: AgentStatistics;
}

/** The agent's status: what it does, what holds it back, the age of its inputs, its rates. */
export function describeAgent(
  { setup, log, ingress, camera, control, tasks, statistics }: Described,
  now: Seconds,
  report: ReflexReport,
): AgentStatus {
  const { current: task, patience } = tasks,
    { beliefs } = ingress,
    top = tasks.plans.find((plan) => plan !== undefined);
  return {
    stamp: now,
    task: task?.name ?? "",
    level: task === undefined ? "" : tasks.planner,
    mode: report.state.mode,
    stoppedBy: (task !== undefined && patience.waiting) || stopCause(report),
    latch: control.latch,
    energy: top?.energy ?? 0,
    energies: top?.energies ?? {},
    progress: task?.arrival.monitor.progress ?? 0,
    margins: report.margins,
    surprise: ingress.body.surprise,
    beliefs: beliefs.objects,
    levels: statistics.status(now),
    guardrail: { checks: report.checks, limited: report.limited, stopped: report.stopped, trips: report.trips },
    missed: report.missed,
    rate: statistics.rate(report.ticks, now),
    inputs: ingress.ages(),
    bodies: { known: beliefs.bodiesKnown, handed: beliefs.bodies.length, hidden: beliefs.hidden },
    needs: neededInputs(setup),
    cameraMoves: camera.moves,
    rejected: ingress.rejected,
    lastRejection: ingress.lastRejection,
    hindrance: ingress.silence()?.why ?? ingress.hindrance(),
    unlogged: log?.trouble,
  };
}

/** Progress of a task. @param heading what it waits for or how far it is, in words */
export function describeTask(
  { energy, arrival }: ActiveTask,
  heading: string,
  level: string,
  report: ReflexReport | undefined,
): TaskFeedback {
  const margins = (report?.margins ?? []).filter((m) => m.unit === "m").map((m) => m.value);
  return {
    level,
    subgoal: heading,
    energy,
    progress: arrival.monitor.progress,
    margin: Math.min(Infinity, ...margins),
  };
}
