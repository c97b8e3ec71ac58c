import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ActiveTask } from "../agent/task/ActiveTask.js";
import type { Seconds } from "../core/Seconds.js";
import type { EpisodeLog } from "../memory/episodes/EpisodeLog.js";
import type { CameraInput } from "./CameraInput.js";
import type { Ingress, Silence } from "./ingress/Ingress.js";
import { logTrouble } from "./logTrouble.js";
import type { Shortfall } from "./Shortfall.js";
import type { Tasks } from "./Tasks.js";
import type { Wiring } from "./Wiring.js";

/** Finds what keeps a task from its end, gives up what cannot succeed, and ends planners that hang. */
export class Watchdog {
  constructor(
    private readonly setup: AgentSetup,
    private readonly log: EpisodeLog | undefined,
    private readonly ingress: Ingress,
    private readonly camera: CameraInput,
    private readonly wiring: Wiring,
    private readonly tasks: Tasks,
    private readonly shortfall: Shortfall,
  ) {}

  /** To be called ten times a second. @returns the input that the task in force waits for */
  watch(now: Seconds): Silence | undefined {
    this.wiring.watch();
    const task = this.tasks.current;
    if (task === undefined) return undefined;
    const silence = this.ingress.silence() ?? this.camera.silence(task.begun, now);
    this.giveUp(task, silence, now);
    return silence;
  }

  private giveUp(task: ActiveTask, silence: Silence | undefined, now: Seconds): void {
    const { shortfall } = this,
      unlogged = logTrouble(this.setup, this.log),
      hopeless = this.tasks.patience.spent;
    if (now - task.begun > task.timeout)
      task.decide(
        silence ? "STALE_INPUT" : "TIMEOUT",
        `not done after ${task.timeout} s; ${silence?.why ?? shortfall.distance(task, now) + shortfall.braked()}`,
      );
    else if (silence?.never) task.decide("STALE_INPUT", silence.why);
    else if (unlogged !== "") task.decide("INTERNAL", unlogged);
    else if (hopeless !== "")
      this.tasks.hopeless(task, `${hopeless}; ${shortfall.distance(task, now)}${shortfall.blocked()}`);
  }
}
