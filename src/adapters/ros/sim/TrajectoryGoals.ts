import rclnodejs from "rclnodejs";
import type { JointTrajectory } from "../cdr/JointTrajectory.js";
import { FOLLOW_JOINT_TRAJECTORY, requireControlMsgs, type FollowJointTrajectory } from "../requireControlMsgs.js";
import { trajectoryErrors } from "./trajectoryErrors.js";
import { trajectoryGoal } from "./trajectoryGoal.js";
import { warmGoals } from "../agent/warmGoals.js";

/** What we use of rclnodejs's action client; its typings need the action's types, which not every environment has. */
interface Client {
  isActionServerAvailable(): boolean;
  sendGoal(goal: object): Promise<GoalHandle>;
  destroy(): void;
  processStatusMessage(): void;
  _typeClass: unknown;
  readonly _goalHandles: Map<string, unknown>;
}
interface GoalHandle {
  readonly accepted: boolean;
  readonly status: number;
  getResult(): Promise<{ readonly error_code: number; readonly error_string: string }>;
}

const { CANCELED, ABORTED } = { CANCELED: 5, ABORTED: 6 }; // action_msgs/GoalStatus
const UNANSWERED = 10; // goals, half a second of them: a server may need so long to accept one

/**
 * Commands as goals of control_msgs/action/FollowJointTrajectory. Each is the trajectory that the topic would carry,
 * and pre-empts the one before: a controller ends that one as aborted or canceled, which is no error. `fail` is called
 * for a goal that is refused or given up for another reason, and for the newest one if it ends for any: the arm is then
 * not where it was commanded to go, or somebody else commands it.
 *
 * No goal is ever cancelled: a controller then holds at once, harder than any limit allows, while the goal's own
 * fail-safe trajectory brakes to rest.
 */
export class TrajectoryGoals {
  private readonly client: Client;
  private sent = 0;
  private answered = 0;
  private failed = 0; // the newest goal sent when one failed: the outcome of all until then is known

  /** @throws Error if control_msgs is not in the environment */
  constructor(
    node: rclnodejs.Node,
    private readonly action: string,
    private readonly fail: (why: string) => void,
  ) {
    const type = requireControlMsgs();
    warmGoals(type);
    this.client = unlisted(
      new rclnodejs.ActionClient(node, FOLLOW_JOINT_TRAJECTORY as never, action) as unknown as Client,
      type,
    );
  }

  send(trajectory: JointTrajectory): void {
    const number = ++this.sent;
    if (!this.client.isActionServerAvailable()) return this.give(number, `nobody offers the action ${this.action}`);
    if (number - this.answered > UNANSWERED) return this.give(number, `${this.action} answers no goal`);
    this.client
      .sendGoal(trajectoryGoal(trajectory))
      .then((goal) => this.follow(number, goal))
      .catch((error: Error) => this.give(number, `${this.action}: ${error.message}`));
  }

  destroy(): void {
    this.failed = this.sent;
    this.client.destroy();
  }

  /** A goal's answer, and later its result. */
  private async follow(number: number, goal: GoalHandle): Promise<void> {
    this.answered = Math.max(this.answered, number);
    if (!goal.accepted) return this.give(number, "it rejected a goal");
    const { error_code: code, error_string: words } = await goal.getResult();
    const preempted =
      number < this.sent && (code === trajectoryErrors.INVALID_GOAL || code === trajectoryErrors.SUCCESSFUL);
    if (preempted || (goal.status !== ABORTED && goal.status !== CANCELED)) return;
    const how = goal.status === ABORTED ? "aborted" : "canceled";
    const name = Object.entries(trajectoryErrors).find(([, c]) => c === code)?.[0] ?? `error ${code}`;
    this.give(number, `it ${how} a goal, ${name}${words && `: ${words}`}`);
  }

  /** Reports a failure once; later failures of goals sent before it are not reported. */
  private give(number: number, why: string): void {
    if (number <= this.failed) return;
    this.failed = this.answered = this.sent;
    this.fail(why);
  }
}

/**
 * A client that does not read the list of goals. At every change of one goal a server sends all of the last seconds,
 * hundreds here, and rclnodejs would make objects of them on the thread that sends commands. The answers and results
 * are enough.
 */
function unlisted(client: Client, { impl }: FollowJointTrajectory): Client {
  class Unread extends impl.GoalStatusArray {
    override deserialize(): void {}
  }
  client._typeClass = Object.create(client._typeClass as object, {
    impl: { value: Object.create(impl, { GoalStatusArray: { value: Unread } }) },
  });
  client.processStatusMessage = () => client._goalHandles.clear(); // kept only for the list
  return client;
}
