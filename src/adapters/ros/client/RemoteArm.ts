import rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import { RecordingWriter } from "../../../memory/episodes/RecordingWriter.js";
import { AccomplishClient, type Accomplished } from "./AccomplishClient.js";
import { findChain, moves } from "../../../kinematics/urdf/findChain.js";
import { parseUrdf } from "../../../kinematics/urdf/parseUrdf.js";
import { awaitDescription } from "../agent/awaitDescription.js";
import { BelievedJoints } from "../agent/BelievedJoints.js";
import { readHeader } from "../cdr/Header.js";
import { reader } from "../cdr/sequences.js";
import { toSeconds } from "../cdr/Stamp.js";
import { encodeString } from "../cdr/StringMessage.js";
import { qualities } from "../qualities.js";
import { Recorder } from "./Recorder.js";

const DEPTH = 50; // messages kept while we are busy: rclnodejs takes one per wake, and a recording must lack none

/** An arm that an agent moves, and its camera, over ROS 2: tasks go to the agent, its messages can be recorded. */
export class RemoteArm {
  /** Images in the recording under way, and the time from the first to the last. */
  images = 0;
  span: Seconds = 0;
  private first: Seconds = 0;
  private joints = 0; // accepted messages with the arm's joints
  private believed: BelievedJoints | undefined;
  private heard: Seconds = -Infinity; // time of the last image, monotonic
  private time: Seconds = 0; // stamp of the newest joint state: recordings use the arm's own clock, simulated or not
  private recorder: Recorder | undefined;
  private fault: string | undefined; // of the recording under way
  private description!: Uint8Array;

  private constructor(
    private readonly node: rclnodejs.Node,
    private readonly camera: string,
    private readonly tell: (words: string) => void,
    private readonly agent = new AccomplishClient(node),
  ) {
    this.listen("sensor_msgs/msg/Image", `${camera}/image_raw`, (stamp) => {
      this.heard = monotonic();
      if (this.images++ === 0) this.first = stamp;
      this.span = stamp - this.first;
    });
    this.listen("sensor_msgs/msg/CameraInfo", `${camera}/camera_info`);
    this.listen("trajectory_msgs/msg/JointTrajectory", "joint_trajectory_controller/joint_trajectory");
    this.listen("telos_interfaces/msg/ObjectArray", "objects");
    node.spin();
  }

  /**
   * Joins the ROS graph and waits until all needed publishers send.
   * @param rcl arguments for rcl: namespace, remappings
   * @param tell called with what is wrong with the publishers of the arm's joints, when that changes
   * @throws Error that names a topic that is silent for `within`, and suggests a fix
   */
  static async open(
    camera: string,
    rcl: readonly string[],
    within: Seconds,
    tell: (words: string) => void,
  ): Promise<RemoteArm> {
    rclnodejs.removeSignalHandlers(); // its own handler ends the node at Ctrl-C, while the arm still comes to rest
    await rclnodejs.init(rclnodejs.Context.defaultContext(), ["telos", ...rcl]);
    const arm = new RemoteArm(new rclnodejs.Node("telos_collect"), camera, tell);
    try {
      await arm.ready(within);
      return arm;
    } catch (error) {
      arm.close();
      throw error;
    }
  }

  /** Time since the last image. */
  silence(): Seconds {
    return monotonic() - this.heard;
  }

  /** Why no publisher's joint states are used; "" if one's are. */
  unbelieved(): string {
    const { words = "", believed } = this.believed?.sources ?? {};
    return believed === undefined ? words : "";
  }

  /** Has the agent do a task: see `AccomplishClient`. @throws Error */
  accomplish(task: string, signal: AbortSignal): Promise<Accomplished> {
    return this.agent.accomplish(task, signal);
  }

  /** Begins a recording; there must be none of that name. */
  record(path: string): void {
    this.images = this.span = 0;
    this.fault = undefined;
    this.recorder = new Recorder(new RecordingWriter(path, (why) => (this.fault = why)));
    this.recorder.follow({ now: () => this.time });
    this.recorder.take(this.node.resolveTopicName("robot_description"), "std_msgs/msg/String", this.description);
  }

  /** Ends it. @throws Error if it could not be written */
  async finish(metadata: ReadonlyMap<string, string>): Promise<void> {
    const { recorder } = this;
    this.recorder = undefined;
    await recorder!.close(metadata);
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  close(): void {
    this.believed?.destroy();
    this.node.destroy();
    rclnodejs.shutdown();
  }

  private async ready(within: Seconds): Promise<void> {
    const { node, camera } = this;
    const limit = monotonic() + within;
    const silent = (topic: string, fix: string): Error =>
      new Error(`nothing on ${node.resolveTopicName(topic)} for ${within} s: ${fix}`);
    const [text] = await Promise.all([awaitDescription(node, within), this.agent.ready(within)]);
    if (text === undefined)
      throw silent("robot_description", "start robot_state_publisher, or telos sim; training needs the description");
    this.description = encodeString(text);
    const believed = this.hearJoints(text);
    while ((this.joints === 0 || this.images === 0 || !believed.decided()) && monotonic() < limit)
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (this.unbelieved() !== "") throw new Error(this.unbelieved());
    if (this.joints === 0) throw silent("joint_states", "start the arm's driver, or telos sim");
    if (this.images === 0)
      throw silent(
        `${camera}/image_raw`,
        "start the camera's driver, or name another as `camera` in the configuration of the collection",
      );
  }

  /**
   * Records the arm's joint states only from the publisher that the agent uses; joint states of other devices, such as
   * a gripper, are recorded too.
   */
  private hearJoints(urdf: string): BelievedJoints {
    const joints = findChain(parseUrdf(urdf)).filter(moves),
      topic = this.node.resolveTopicName("joint_states");
    const record = (bytes: () => Uint8Array): void => this.recorder?.take(topic, "sensor_msgs/msg/JointState", bytes());
    const of = {
      names: joints.map((j) => j.name),
      velocity: joints.map((j) => j.limit?.velocity ?? Math.PI),
      endless: joints.map((j) => j.type === "continuous"),
      slides: joints.map((j) => j.type === "prismatic"),
    };
    return (this.believed = new BelievedJoints(
      this.node,
      of,
      {
        believed: (m, bytes) => {
          this.time = toSeconds(m.header.stamp);
          this.joints++;
          record(bytes);
        },
        other: (_, why, bytes) => why === "stranger" && record(bytes),
        told: (words) => words !== "" && this.tell(words),
      },
      DEPTH,
    ));
  }

  /** @param take called with every message's stamp */
  private listen(type: string, topic: string, take?: (stamp: Seconds) => void): void {
    const name = this.node.resolveTopicName(topic);
    this.node.createSubscription(
      type as "sensor_msgs/msg/Image",
      topic,
      { isRaw: true, qos: qualities.sensor(DEPTH) },
      (bytes: Buffer) => {
        take?.(toSeconds(readHeader(reader(bytes)).stamp));
        this.recorder?.take(name, type, bytes);
      },
    );
  }
}
