import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ActiveTask } from "../agent/task/ActiveTask.js";
import type { Seconds } from "../core/Seconds.js";
import { tellSelfPair } from "../kinematics/index.js";
import type { AgentStatistics } from "./AgentStatistics.js";
import type { Ingress } from "./ingress/Ingress.js";
import type { ReflexControl } from "./ReflexControl.js";
import type { Tasks } from "./Tasks.js";
import { tellBraking } from "./tellBraking.js";

/** In words, what a task lacks to its goals and why: for who watches it, and for who must be told that it failed. */
export class Shortfall {
  constructor(
    private readonly setup: AgentSetup,
    private readonly ingress: Ingress,
    private readonly control: ReflexControl,
    private readonly tasks: Tasks,
    private readonly statistics: AgentStatistics,
  ) {}

  /** How far it is to the goal, and what the machine or an input cannot give, where it is that. */
  distance({ arrival }: ActiveTask, now: Seconds): string {
    const {
        monitor: { error },
        tried,
      } = arrival,
      busy = this.ingress.hindrance() || this.statistics.strain(now);
    const words = Number.isFinite(error)
      ? `${error.toFixed(1)} tolerances from the goal${tried}`
      : "its distance to the goal not yet known";
    return `${words}${busy && `; ${busy}`}`;
  }

  /** The links in each other's way on the plan that came nearest to one; "" where it is not that. */
  blocked(): string {
    const [plan] = this.tasks.plans,
      { arm, agent } = this.setup;
    return plan === undefined || plan.feasible
      ? ""
      : tellSelfPair(arm, plan.q, agent.guardrails.self_clearance, plan.obstruction?.by === "self_collision");
  }

  /** What held the arm back since the task began; "" where nothing did. */
  braked(): string {
    const { trips, hampered } = this.tasks;
    return [tellBraking(trips, this.control.report?.trips ?? {}), hampered]
      .filter(Boolean)
      .map((words) => `; ${words}`)
      .join("");
  }
}
