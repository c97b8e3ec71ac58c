import rclnodejs from "rclnodejs";
import type { TaskCode } from "../../../agent/AgentPort.js";
import type { Seconds } from "../../../core/Seconds.js";
import { taskCodes } from "../agent/taskCodes.js";

const ACTION = "telos_interfaces/action/Accomplish";
const ANSWER: Seconds = 10; // for an agent to take a task
const LOOK = 500; // ms between checks whether it is still there

/** How a task ended, by the agent's result. */
export interface Accomplished {
  readonly success: boolean;
  readonly code: TaskCode;
  readonly message: string;
}

/** A client of the agent's action ~/accomplish: one task at a time. */
export class AccomplishClient {
  private readonly client: rclnodejs.ActionClient<typeof ACTION>;
  private readonly action: string;

  constructor(node: rclnodejs.Node) {
    this.client = new rclnodejs.ActionClient(node, ACTION, "telos/accomplish");
    this.action = node.resolveTopicName("telos/accomplish");
  }

  /** @throws Error if no agent offers the action in time */
  async ready(within: Seconds): Promise<void> {
    if (!(await this.client.waitForServer(1000 * within)))
      throw new Error(
        `nobody offers the action ${this.action} for ${within} s: start telos agent in this ROS domain and namespace`,
      );
  }

  /**
   * Has the agent do a task, given as YAML text. Resolves once the task has ended and the arm is at rest; `signal`
   * cancels it.
   * @throws Error if the agent rejects the task, does not answer, or has ended
   */
  async accomplish(task: string, signal: AbortSignal): Promise<Accomplished> {
    const { client, action } = this;
    let timer: NodeJS.Timeout | undefined;
    const failing = (every: number, why: () => string | undefined): Promise<never> =>
      new Promise((_, reject) => {
        timer = setInterval(() => {
          const said = why();
          if (said !== undefined) reject(new Error(`${action}: ${said}`));
        }, every);
      });
    const cancel = (): void => void goal?.cancelGoal();
    let goal: rclnodejs.ClientGoalHandle<typeof ACTION> | undefined;
    try {
      goal = await Promise.race([
        client.sendGoal({ task, timeout: 0 }),
        failing(1000 * ANSWER, () => `no answer to a task within ${ANSWER} s`),
      ]);
      clearInterval(timer);
      if (!goal.isAccepted()) throw new Error(`${action}: the agent rejected a task`);
      signal.addEventListener("abort", cancel);
      if (signal.aborted) cancel();
      const gone = failing(LOOK, () =>
        client.isActionServerAvailable()
          ? undefined
          : "the agent ended during a task; start it again, then repeat this command, which continues",
      );
      const result = (await Promise.race([
        goal.getResult(),
        gone,
      ])) as unknown as rclnodejs.telos_interfaces.action.Accomplish_Result;
      const [code] = Object.entries(taskCodes).find(([, number]) => number === result.error_code) ?? ["INTERNAL"];
      return { success: result.success, code: code as TaskCode, message: result.error_message };
    } finally {
      clearInterval(timer);
      signal.removeEventListener("abort", cancel);
    }
  }
}
