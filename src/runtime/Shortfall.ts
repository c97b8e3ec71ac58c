import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ActiveTask } from "../agent/task/ActiveTask.js";
import type { Seconds } from "../core/Seconds.js";
import { tellSelfPair } from "../kinematics/index.js";
import type { AgentStatistics } from "./AgentStatistics.js";
import type { Ingress } from "./ingress/Ingress.js";
import type { ReflexControl } from "./ReflexControl.js";
import type { Tasks } from "./Tasks.js";
import { tellBraking } from "./tellBraking.js";

/** What a task lacks to its goals and why, in words: for its feedback, and for the message if it fails. */
export class Shortfall {
  constructor(
    private readonly setup: AgentSetup,
    private readonly ingress: Ingress,
    private readonly control: ReflexControl,
    private readonly tasks: Tasks,
    private readonly statistics: AgentStatistics,
  ) {}

  /** Distance to the goal, and what a late machine or input holds up, if anything. */
  distance({ arrival }: ActiveTask, now: Seconds): string {
    const {
        monitor: { error },
        tried,
      } = arrival,
      busy = this.ingress.hindrance() || this.statistics.strain(now);
    const words = Number.isFinite(error)
      ? `${error.toFixed(1)} tolerances from the goal${tried}`
      : "the distance to the goal is not known yet";
    return `${words}${busy && `; ${busy}`}`;
  }

  /** The links that block each other on the plan that came nearest to being admissible; "" if that is not the cause. */
  blocked(): string {
    const [plan] = this.tasks.plans,
      { arm, agent } = this.setup;
    return plan === undefined || plan.feasible
      ? ""
      : tellSelfPair(arm, plan.q, agent.guardrails.self_clearance, plan.obstruction?.by === "self_collision");
  }

  /** What held the arm back since the task began; "" if nothing did. */
  braked(): string {
    const { trips, hampered } = this.tasks;
    return [tellBraking(trips, this.control.report?.trips ?? {}), hampered]
      .filter(Boolean)
      .map((words) => `; ${words}`)
      .join("");
  }
}
