import type rclnodejs from "rclnodejs";
import type { Subscription } from "rxjs";
import type { AgentPort, AgentStatus } from "../../../agent/AgentPort.js";
import type { AgentSetup } from "../../../agent/setup/AgentSetup.js";
import { ArrivalCommands } from "../../../core/commands/ArrivalCommands.js";
import type { Clock } from "../../../core/time/Clock.js";
import type { Command } from "../../../core/Command.js";
import { JoinedCommands, type JoinedCommand } from "../../../core/commands/JoinedCommands.js";
import type { Plan } from "../../../core/Plan.js";
import type { Seconds } from "../../../core/Seconds.js";
import { GazeboServo } from "../../../kinematics/GazeboServo.js";
import type { Gripper } from "../../../kinematics/Gripper.js";
import { Kinematics } from "../../../kinematics/index.js";
import type { GuardPlace } from "./agentParameters.js";
import { agentMarkers, type MarkerScene } from "./agentMarkers.js";
import { encodeAgentState } from "../cdr/AgentState.js";
import type { Header } from "../cdr/Header.js";
import { encodeJointTrajectory } from "../cdr/JointTrajectory.js";
import { encodeMarkerArray } from "../cdr/MarkerArray.js";
import { encodePlan } from "../cdr/Plan.js";
import { fromSeconds } from "../cdr/Stamp.js";
import type { ControllerFinding, ControllerParameters } from "./controllerFindings.js";
import { CommandEnds } from "./CommandEnds.js";
import { commandAction, commandTopic } from "../commandTopic.js";
import { ControllerCheck } from "./ControllerCheck.js";
import { handTrajectoryOf } from "../handTrajectoryOf.js";
import { jointTrajectoryOf } from "../jointTrajectoryOf.js";
import { levelPlans } from "./levelPlans.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";
import type { Recorder } from "../client/Recorder.js";
import { TrajectoryGoals } from "../sim/TrajectoryGoals.js";

const GAZEBO_STEP: Seconds = 0.002; // of the worlds of `telos export sdf`

type Message = rclnodejs.TypeClass<rclnodejs.MessageTypeClassName>;

/**
 * The agent's publishers: commands, plans, state and markers, each written as serialised bytes. Messages without a
 * subscriber are not even written, commands excepted.
 *
 * A command is published, or sent as a goal, within the emission that brings it; the port withdraws one that is not.
 */
export class AgentOutputs {
  commands = 0; // sent
  plans: readonly Plan[] = []; // the latest of every level
  status: AgentStatus | undefined;
  private readonly check: ControllerCheck | undefined; // of the node that sends commands
  private readonly ends: CommandEnds | undefined; // of its topic, if it has one
  private readonly publishers: rclnodejs.Publisher<Message>[] = [];
  private readonly subscriptions: Subscription[] = [];
  private readonly kinematics: Kinematics;
  private readonly markers: (bytes: () => Uint8Array) => void;
  private readonly frame: string;
  private readonly goals: TrajectoryGoals | undefined;

  constructor(
    private readonly node: ManagedNode,
    port: AgentPort,
    private readonly setup: AgentSetup,
    guard: GuardPlace,
    clock: Clock,
    private readonly recorder?: Recorder,
  ) {
    this.kinematics = new Kinematics(setup.arm);
    this.frame = setup.arm.base;
    const { controller } = setup.robot;
    const topic = commandTopic(controller, "~");
    const writes = guard !== "apart"; // else the guard is the only writer
    const made = commandsFor(setup, clock);
    const command = writes ? this.advertise("trajectory_msgs/msg/JointTrajectory", topic, 1) : undefined;
    this.goals =
      writes && controller.interface === "action"
        ? new TrajectoryGoals(node, commandAction(controller), (why) => port.controllerFailed(why))
        : undefined;
    this.check = writes
      ? new ControllerCheck(node, node.resolveTopicName(controller.topic), setup.arm.jointNames, (findings) =>
          this.tellOf(findings),
        )
      : undefined;
    this.ends =
      controller.interface === "topic"
        ? new CommandEnds(
            node,
            node.resolveTopicName(topic),
            writes,
            (findings) => (this.tellOf(findings), port.controllerHampered(this.ends!.words)),
          )
        : undefined;
    const plan = this.listened("telos_interfaces/msg/Plan", "~/plan");
    const state = this.listened("telos_interfaces/msg/AgentState", "~/state");
    this.markers = this.listened("visualization_msgs/msg/MarkerArray", "~/markers");
    this.subscriptions.push(
      port.commands.subscribe((c) => {
        const trajectory = jointTrajectoryOf(made(c), port.jointNames);
        this.goals?.send(trajectory);
        const bytes = asBuffer(encodeJointTrajectory(trajectory));
        command?.publish(bytes as never);
        this.record(topic, "trajectory_msgs/msg/JointTrajectory", bytes);
        this.commands++;
      }),
      ...(setup.arm.gripper === undefined || port.handCommands === undefined
        ? []
        : [this.hand(port, setup.arm.gripper)]),
      port.plans.subscribe((plans) => {
        this.plans = plans;
        plan(() => encodePlan({ header: this.header(plans[0]?.stamp ?? 0), levels: levelPlans(plans) }));
      }),
      port.status.subscribe((status) => {
        this.status = status;
        if (status.task === "") this.plans = [];
        const broken = this.check?.findings.find(({ breaks }) => breaks);
        // the bounds do not hold under this controller: nothing moves, not even after a reset
        if (broken !== undefined && status.mode === "active") port.controllerFailed(broken.words);
        // before simulated time has come there is no stamp for it
        if (status.stamp > 0) state(() => this.state(status));
      }),
    );
  }

  /**
   * What is wrong with the arm's controller and the link to it, and the parameters of its node; undefined if another
   * node sends the commands and nothing is wrong.
   */
  get controller():
    | { readonly findings: readonly ControllerFinding[]; readonly parameters: ControllerParameters | undefined }
    | undefined {
    const { check, ends } = this,
      findings = [...(check?.findings ?? []), ...(ends?.findings ?? [])];
    return check === undefined && findings.length === 0 ? undefined : { findings, parameters: check?.parameters };
  }

  drawMarkers(now: Seconds, seen: Pick<MarkerScene, "bodies">): void {
    if (!(now > 0)) return;
    const { fixed, agent } = this.setup;
    const scene = {
      now,
      plans: this.plans,
      fixed,
      noise: agent.guardrails.person.noise,
      beliefs: this.status?.beliefs ?? [],
      ...seen,
    };
    this.markers(() => encodeMarkerArray(this.header(now), agentMarkers(scene, this.kinematics)));
  }

  destroy(): void {
    this.check?.destroy();
    this.ends?.destroy();
    this.goals?.destroy();
    for (const subscription of this.subscriptions) subscription.unsubscribe();
    for (const publisher of this.publishers) this.node.destroyPublisher(publisher);
  }

  /** Publishes what the hand is told. */
  private hand(port: AgentPort, gripper: Gripper): Subscription {
    const { controller } = this.setup.robot.gripper!,
      { topic } = controller,
      publisher = this.advertise("trajectory_msgs/msg/JointTrajectory", topic, 1);
    let from = gripper.apertures[0];
    return port.handCommands!.subscribe((command) => {
      const bytes = asBuffer(encodeJointTrajectory(handTrajectoryOf(gripper, command, from, controller)));
      from = command.aperture;
      publisher.publish(bytes as never);
      this.record(topic, "trajectory_msgs/msg/JointTrajectory", bytes);
    });
  }

  private tellOf(findings: readonly ControllerFinding[]): void {
    for (const { breaks, words } of findings)
      this.node.getLogger()[breaks ? "error" : "warn"](`the arm's controller: ${words}`);
  }

  private header(stamp: Seconds): Header {
    return { stamp: fromSeconds(stamp), frameId: this.frame };
  }

  private advertise(type: Message, topic: string, depth: number): rclnodejs.Publisher<Message> {
    const publisher = this.node.createPublisher(type, topic, { qos: qualities.reliable(depth) });
    this.publishers.push(publisher);
    return publisher;
  }

  private listened(type: Message, topic: string): (bytes: () => Uint8Array) => void {
    const publisher = this.advertise(type, topic, 10);
    return (bytes) => {
      const heard = (publisher.subscriptionCount as unknown as number) > 0;
      if (!heard && this.recorder === undefined) return;
      const message = asBuffer(bytes());
      if (heard) publisher.publish(message as never);
      this.record(topic, type as string, message);
    };
  }

  private record(topic: string, type: string, bytes: Uint8Array): void {
    this.recorder?.take(this.node.resolveTopicName(topic), type, bytes);
  }

  private state(s: AgentStatus): Uint8Array {
    return encodeAgentState({
      ...s,
      header: this.header(s.stamp),
      beliefs: s.beliefs.map((b) => ({ ...b, kind: "object", lastSeen: s.stamp - b.stamp })),
      rate: s.levels.at(-1)?.rate ?? 0,
    });
  }
}

/** The message of a command, by the law of the arm's controller. */
function commandsFor({ robot: { controller }, agent, arm }: AgentSetup, clock: Clock): (c: Command) => JoinedCommand {
  const { lead } = agent.reflex;
  if (controller.law === "ros2_control") {
    const joined = new JoinedCommands(lead);
    return (c) => joined.of(c);
  }
  const servo = new GazeboServo(arm);
  const arrival = new ArrivalCommands(lead, {
    transport: controller.transport,
    step: GAZEBO_STEP,
    feedForward: (q, v, a) => servo.feedForward(q, v, a),
  });
  return (c) => arrival.of(c, clock.now());
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
