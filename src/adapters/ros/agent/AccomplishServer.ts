import rclnodejs from "rclnodejs";
import type { AgentPort, TaskFeedback, TaskHandle, TaskResult } from "../../../agent/AgentPort.js";
import { refusedTask } from "../../../agent/task/ActiveTask.js";
import type { ManagedNode } from "../ManagedNode.js";
import { taskCodes } from "./taskCodes.js";

const ACTION = "telos_interfaces/action/Accomplish";
type Goal = rclnodejs.ServerGoalHandle<typeof ACTION>;

const EXECUTING = 2; // action_msgs/GoalStatus

/**
 * The action ~/accomplish over `AgentPort.accomplish`. Every goal is accepted, so that the result can say why it cannot
 * be done (a rejection carries no text). The port decides which goal preempts which. Here each goal ends as its task
 * does: succeeded, canceled if the client asked, else aborted.
 *
 * A goal's state changes only in separate turns of the event loop. rclnodejs awaits our consent to a cancellation
 * before it marks the goal as canceling. A result within that wait would make the transition invalid, and nobody would
 * catch its exception.
 */
export class AccomplishServer {
  private readonly server: rclnodejs.ActionServer<typeof ACTION>;
  private readonly tasks = new Map<Goal, TaskHandle>();

  constructor(
    node: ManagedNode,
    private readonly port: () => Promise<AgentPort | undefined>,
    private readonly onResult: (task: string, result: TaskResult) => void,
  ) {
    this.server = new rclnodejs.ActionServer(
      node,
      ACTION,
      "~/accomplish",
      (goal) => this.execute(goal),
      () => rclnodejs.GoalResponse.ACCEPT,
      (goal) => goal.execute(),
      (goal) => this.cancel(goal!),
    );
  }

  destroy(): void {
    this.server.destroy();
  }

  private async execute(goal: Goal): Promise<rclnodejs.telos_interfaces.action.Accomplish_Result> {
    const { task: text, timeout } = goal.request;
    const port = await this.port();
    const task = goal.isCancelRequested
      ? refusedTask(text.slice(0, 80), "CANCELED", "canceled before it began")
      : port?.accomplish(text, timeout);
    const feedback = task?.feedback.subscribe((f) => this.tell(goal, f));
    if (task !== undefined) this.tasks.set(goal, task);
    const result: TaskResult = task === undefined ? notConfigured : await task.result;
    await nextTurn();
    feedback?.unsubscribe();
    this.tasks.delete(goal);
    if (result.success) goal.succeed();
    else if (result.code === "CANCELED" && goal.isCancelRequested) goal.canceled();
    else goal.abort();
    this.onResult(task?.name ?? text.slice(0, 80), result);
    const Accomplish = rclnodejs.require(ACTION) as unknown as {
      Result: new () => rclnodejs.telos_interfaces.action.Accomplish_Result;
    };
    return Object.assign(new Accomplish.Result(), {
      success: result.success,
      error_code: taskCodes[result.code],
      error_message: result.message,
      energy: result.energy,
      duration: result.duration,
    });
  }

  private cancel(goal: Goal): rclnodejs.CancelResponse {
    setImmediate(() => this.tasks.get(goal)?.cancel());
    return rclnodejs.CancelResponse.ACCEPT;
  }

  private tell(goal: Goal, f: TaskFeedback): void {
    if ((goal.status as unknown as number) !== EXECUTING) return; // while it is canceling, rclnodejs would warn at each
    goal.publishFeedback({
      level: f.level,
      subgoal: f.subgoal,
      energy: f.energy,
      progress: f.progress,
      guardrail_margin: f.margin,
    });
  }
}

const notConfigured: TaskResult = {
  success: false,
  code: "NOT_ACTIVE",
  message: "the node is not configured: configure and activate it first",
  energy: 0,
  duration: 0,
};
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
