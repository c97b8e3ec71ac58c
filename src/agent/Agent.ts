import type { Command } from "../core/Command.js";
import type { Observation } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import { Rng } from "../core/Rng.js";
import type { Robot } from "../core/Robot.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import { createGoal, type TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import { Sweep } from "../kinematics/Sweep.js";
import { BeliefMemory } from "../memory/BeliefMemory.js";
import type { Level } from "../planner/Level.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { buildLevel } from "./buildLevel.js";
import { GoalMonitor } from "./GoalMonitor.js";
import { Reflex } from "./Reflex.js";
import { searchTime } from "./searchTime.js";
import { startState } from "./startState.js";
import { WorkClock } from "./WorkClock.js";

/**
 * The whole agent in one thread and on the robot's own time: the same parts as `AgentRuntime` has in several. Same observations, same seed,
 * same commands, bit for bit. Planning takes no time of the robot's but for `latency`, after which a plan comes into force; deadlines bound its work (`WorkClock`).
 */
export class Agent {
  readonly beliefs = new BeliefMemory();
  readonly reflex: Reflex;
  readonly plans: (Plan | undefined)[];
  readonly monitor: GoalMonitor;
  private readonly levels: readonly Level[];
  private readonly due: Seconds[];
  private readonly rng: Rng;

  constructor(
    private readonly setup: AgentSetup,
    private readonly robot: Robot,
    task: TaskSpec,
    seed: number,
    private readonly latency: Seconds = 0.02,
  ) {
    const { arm, agent, robot: body } = setup;
    const { period: dt } = agent.reflex;
    const guardrails = buildGuardrails(setup, task.guardrails as GuardrailSpec[]);
    this.reflex = new Reflex({ limits: arm.limits, sweep: new Sweep(arm), guardrails, dt, staleAfter: agent.perception.stale_after, trackingError: body.tracking_error });
    this.reflex.apply("configure");
    this.reflex.apply("activate");
    this.levels = agent.levels.map((_, i) => buildLevel(setup, i, task));
    this.monitor = new GoalMonitor(arm, task.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })), task.hold);
    this.plans = this.levels.map(() => undefined);
    this.due = this.levels.map(() => -Infinity);
    this.rng = new Rng(seed);
  }

  /** The loop: one reflex period, with the newest observation there is. @returns whether the goals have held for their time */
  async step({ stamp, q, v }: Observation, now: Seconds): Promise<boolean> {
    const { reflex, robot, setup, beliefs } = this;
    const state: State = { stamp: now, q, v, z: new Float32Array(0), objects: beliefs.objectsById, bodies: beliefs.bodies };
    reflex.observe(stamp, q, v);
    for (const [i, level] of this.levels.entries()) await this.replan(i, level, state);
    const plan = this.plans.at(-1);
    if (plan?.feasible) reflex.follow(plan);
    else reflex.retreat();
    const command: Command | undefined = reflex.tick(now + setup.agent.reflex.lead, state);
    if (command !== undefined) reflex.commit(robot.send(command));
    return this.monitor.update({ ...state, stamp });
  }

  /** Receding horizon: a level plans again when its period is over, from where the arm will be, under the plan above. */
  private async replan(i: number, level: Level, state: State): Promise<void> {
    const { plans, due, reflex, setup, rng } = this;
    if (state.stamp < due[i] - 1e-9 || (i > 0 && plans[i - 1] === undefined)) return;
    due[i] = state.stamp + setup.agent.levels[i].period;
    const q = state.q.slice();
    const v = state.v.slice();
    const stamp = state.stamp + this.latency;
    const { following, stamp: since } = reflex.commanded;
    if (since > -Infinity) startState(q, v, { stamp: since, following, q: reflex.q, v: reflex.v }, plans.at(-1), setup.arm.limits, stamp);
    const deadline = state.stamp + searchTime(setup.agent.levels[i]);
    const plan = await level.plan({ ...state, stamp, q, v }, plans[i - 1], { warm: plans[i], clock: new WorkClock(state.stamp), deadline, rng });
    if (plan.feasible || i === this.levels.length - 1) plans[i] = plan;
  }
}
