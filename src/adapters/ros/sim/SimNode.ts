import rclnodejs from "rclnodejs";
import type { Subscription } from "rxjs";
import type { Body } from "../../../core/Body.js";
import type { Seconds } from "../../../core/Seconds.js";
import { encodeBodyArray } from "../cdr/BodyArray.js";
import { encodeCameraInfo } from "../cdr/CameraInfo.js";
import { encodeClock } from "../cdr/Clock.js";
import { encodeGroundTruth } from "../cdr/GroundTruth.js";
import type { Header } from "../cdr/Header.js";
import { encodeImage } from "../cdr/Image.js";
import { encodeJointState, type JointState } from "../cdr/JointState.js";
import { decodeJointTrajectory, type JointTrajectory } from "../cdr/JointTrajectory.js";
import { encodeObjectArray } from "../cdr/ObjectArray.js";
import { between, fromSeconds, later, type Stamp } from "../cdr/Stamp.js";
import { encodeString } from "../cdr/StringMessage.js";
import { encodeWrenchStamped } from "../cdr/WrenchStamped.js";
import { drain } from "../drain.js";
import { keepUp } from "../agent/keepUp.js";
import { qualities } from "../qualities.js";
import type { SimDisturbance, SimObject, SimPort, SimReading, SimTick, SimTruth } from "./SimPort.js";
import { TrajectoryActionServer } from "./TrajectoryActionServer.js";

export interface SimNodeSettings<Scene> {
  readonly jointNames: readonly string[]; // of the arm
  readonly base: string; // frame of all poses
  readonly urdf: string; // text, for `robot_description`
  readonly objects: boolean; // whether to tell `objects`
  readonly forces: boolean; // whether to tell `wrench`
  readonly trajectoryTopic: string;
  readonly trajectoryAction?: string; // to be offered beside the topic; wants control_msgs
  readonly acceleration: ArrayLike<number>; // rad/s², of the joints, with which a cancelled goal's motion ends
  readonly slides?: readonly boolean[]; // [nq] joints told of in m; absent: none
  readonly declare?: (node: rclnodejs.Node) => void; // its parameters
  readonly loadScene: (name: string) => Scene; // throws with words for the user
}

/** A geometry_msgs/Pose as rclnodejs gives it. */
interface RosPose {
  readonly position: { readonly x: number; readonly y: number; readonly z: number };
  readonly orientation: { readonly x: number; readonly y: number; readonly z: number; readonly w: number };
}

interface Replier {
  send(response: { success: boolean; message: string }): void;
}

const STILL = 0.01; // rad/s: joint_trajectory_controller's stopped_velocity_tolerance
const WARN_PERIOD = 1000; // ms between two warnings of one kind

/**
 * The node `telos_sim`: a running simulation as topics and services (the outside contract lists them). It only
 * translates; time, physics and sensors live behind `SimPort`. Simulated time begins with the system's clock and
 * advances at the simulation's speed.
 */
export class SimNode<Scene> {
  private readonly node: rclnodejs.Node;
  private readonly subscriptions: Subscription[] = [];
  private readonly publishers = new Map<string, rclnodejs.Publisher<never>>();
  private epoch: Stamp | undefined;
  private time: Seconds = 0; // of the last tick
  private lastWarning = -Infinity;
  private trajectories = 0; // that came
  private readonly goals: TrajectoryActionServer | undefined;
  private truth: SimTruth | undefined;

  /** rclnodejs must have been initialised. */
  constructor(
    private readonly port: SimPort<Scene>,
    private readonly settings: SimNodeSettings<Scene>,
  ) {
    this.node = new rclnodejs.Node("telos_sim");
    keepUp(this.node, (error) => this.warn(`a message or request could not be handled: ${error.message}`));
    settings.declare?.(this.node);
    this.advertise("/clock", "rosgraph_msgs/msg/Clock", qualities.reliable(10));
    this.advertise("joint_states", "sensor_msgs/msg/JointState", qualities.reliable(10));
    this.advertise("bodies", "telos_interfaces/msg/BodyArray", qualities.reliable(10));
    this.advertise("bodies_void_until", "builtin_interfaces/msg/Time", qualities.reliable(1));
    this.advertise("robot_description", "std_msgs/msg/String", qualities.latched());
    this.advertise("~/ground_truth", "telos_interfaces/msg/GroundTruth", qualities.reliable(100));
    if (settings.objects) this.advertise("objects", "telos_interfaces/msg/ObjectArray", qualities.reliable(10));
    if (settings.forces) this.advertise("wrench", "geometry_msgs/msg/WrenchStamped", qualities.reliable(10));
    this.publish("robot_description", encodeString(settings.urdf));
    // Each command goes on where the one before ends its step, so none may be skipped, and none may wait behind others.
    const trajectories = this.node.createSubscription(
      "trajectory_msgs/msg/JointTrajectory",
      settings.trajectoryTopic,
      { qos: qualities.reliable(10), isRaw: true },
      (message: unknown) => this.onTrajectory(message as Buffer),
    );
    drain(this.node, trajectories, () => this.trajectories);
    const { trajectoryAction: action, jointNames } = settings;
    if (action !== undefined)
      this.goals = new TrajectoryActionServer(this.node, action, {
        jointNames,
        take: (trajectory) => this.take(trajectory),
        hold: () => this.hold(),
      });
    this.serve("telos_interfaces/srv/ResetScene", "~/reset", (request) => this.reset(request));
    this.serve("telos_interfaces/srv/Perturb", "~/perturb", (request) => this.perturb(request));
    this.subscriptions.push(
      port.begun.subscribe((ms) => (this.epoch = fromSeconds(ms / 1000))),
      port.clock.subscribe((t) => this.publish("/clock", encodeClock(this.stamp(t)))),
      port.ticks.subscribe((tick) => this.onTick(tick)),
      port.refusals.subscribe((reason) => {
        this.warn(`trajectory refused: ${reason}`);
        this.goals?.refused(reason);
      }),
      port.leaps.subscribe((by) =>
        this.warn(
          "a trajectory came late, or does not begin where the controller is: the desired state leapt by " +
            `${(1000 * by).toFixed(1)} ${this.leapUnit()}, as under ros2_control: a busy machine?`,
        ),
      ),
      port.slowness.subscribe(({ lag, realTimeFactor }) =>
        this.node
          .getLogger()
          .warn(
            `the simulation cannot keep up: ${lag.toFixed(1)} s given up, real-time factor ` +
              `${realTimeFactor.toFixed(2)}`,
          ),
      ),
    );
    this.node.spin();
  }

  /** Stops the simulation and leaves the graph. */
  stop(): void {
    for (const s of this.subscriptions) s.unsubscribe();
    this.port.stop();
    this.node.destroy();
  }

  private advertise(topic: string, type: string, qos: unknown): void {
    this.publishers.set(
      topic,
      this.node.createPublisher(type as never, topic, { qos } as never) as rclnodejs.Publisher<never>,
    );
  }

  private publish(topic: string, bytes: Uint8Array): void {
    this.publishers.get(topic)!.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
  }

  private serve(type: string, name: string, handle: (request: never) => Promise<string | undefined>): void {
    this.node.createService(type as never, name, ((request: never, reply: Replier) => {
      handle(request)
        .catch((error: Error) => error.message)
        .then((fault) => reply.send({ success: fault === undefined, message: fault ?? "" }))
        .catch((error: Error) => this.warn(`${name}: no answer could be sent: ${error.message}`));
    }) as never);
  }

  private onTick({ time, readings, truth }: SimTick): void {
    for (const r of readings) this.tell(r);
    this.publish("~/ground_truth", encodeGroundTruth(this.groundTruth(time, truth)));
    this.truth = truth;
    this.time = time;
    this.goals?.see(
      this.stamp(time),
      truth.v.every((v) => Math.abs(v) < STILL),
    );
  }

  private tell(r: SimReading): void {
    const header: Header = { stamp: this.stamp(r.stamp), frameId: this.settings.base };
    switch (r.kind) {
      case "joints":
        this.publish(
          "joint_states",
          encodeJointState({
            header: { ...header, frameId: "" },
            name: r.names,
            position: r.q,
            velocity: r.v,
            effort: r.effort,
          }),
        );
        break;
      case "wrench":
        this.publish("wrench", encodeWrenchStamped({ header, wrench: [...r.force, 0, 0, 0] }));
        break;
      case "bodies":
        this.publish("bodies", encodeBodyArray({ header, bodies: r.bodies }));
        break;
      case "objects":
        this.publish("objects", encodeObjectArray({ header, objects: r.objects }));
        break;
      case "image":
        this.tellImage({ ...header, frameId: `${r.camera}_optical_frame` }, r);
        break;
      default:
        r satisfies never;
    }
  }

  private tellImage(header: Header, { camera, width, height, f, data }: Extract<SimReading, { kind: "image" }>): void {
    const image = `${camera}/image_raw`,
      info = `${camera}/camera_info`;
    if (!this.publishers.has(image)) {
      this.advertise(image, "sensor_msgs/msg/Image", qualities.sensor());
      this.advertise(info, "sensor_msgs/msg/CameraInfo", qualities.sensor());
    }
    this.publish(
      image,
      encodeImage({ header, width, height, encoding: "rgb8", isBigendian: false, step: 3 * width, data }),
    );
    const cx = (width - 1) / 2,
      cy = (height - 1) / 2;
    this.publish(
      info,
      encodeCameraInfo({
        header,
        width,
        height,
        distortionModel: "plumb_bob",
        d: [0, 0, 0, 0, 0],
        k: [f, 0, cx, 0, f, cy, 0, 0, 1],
        r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        p: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0],
      }),
    );
  }

  private groundTruth(time: Seconds, t: SimTruth): Parameters<typeof encodeGroundTruth>[0] {
    const header: Header = { stamp: this.stamp(time), frameId: this.settings.base };
    const joints = (position: Float64Array, velocity: Float64Array, effort: ArrayLike<number>): JointState => ({
      header,
      name: this.settings.jointNames,
      position,
      velocity,
      effort,
    });
    return {
      header,
      jointState: joints(t.q, t.v, t.effort),
      desired: joints(t.desiredQ, t.desiredV, []),
      objects: t.objects.map((o) => ({ ...o, positionStd: 0, orientationStd: 0 })),
      contacts: t.contacts,
      bodies: t.bodies as readonly Body[],
      personIds: [...t.personDistances.keys()],
      personDistances: Float64Array.from(t.personDistances.values()),
      tool: t.tool,
      scene: t.scene,
      seed: t.seed,
      realTimeFactor: t.realTimeFactor,
    };
  }

  /** Bytes that are no trajectory are told and forgotten: whoever sends them must not stop the simulation. */
  private onTrajectory(bytes: Buffer): void {
    this.trajectories++;
    try {
      this.take(decodeJointTrajectory(bytes));
    } catch (error) {
      this.warn(`trajectory unreadable: ${(error as Error).message}`);
    }
  }

  private take({ header, jointNames, points }: JointTrajectory): void {
    const now = header.stamp.sec === 0 && header.stamp.nanosec === 0;
    this.port.send({ stamp: now || !this.epoch ? undefined : between(header.stamp, this.epoch), jointNames, points });
  }

  /**
   * Slows all joints down alike, none harder than it may, as joint_trajectory_controller does with
   * decelerate_on_cancel.
   */
  private hold(): void {
    if (this.truth === undefined) return;
    const { jointNames, acceleration } = this.settings;
    const { desiredQ: q, desiredV: v } = this.truth;
    const time = Math.max(0.02, ...v.map((x, j) => Math.abs(x) / acceleration[j]));
    const point = (positions: Float64Array, velocities: Float64Array, timeFromStart: Seconds) => ({
      positions,
      velocities,
      accelerations: [],
      timeFromStart,
    });
    this.port.send({
      jointNames,
      points: [
        point(q, v, 0),
        point(
          q.map((x, j) => x + 0.5 * v[j] * time),
          v.map(() => 0),
          time,
        ),
      ],
    });
  }

  private async reset(request: {
    scene: string;
    seed: number | bigint;
    objects: readonly { id: string; pose: RosPose }[];
  }): Promise<string | undefined> {
    const scene = request.scene === "" ? undefined : this.settings.loadScene(request.scene);
    const poses: SimObject[] = request.objects.map((o) => ({ id: o.id, ...plainPose(o.pose) }));
    const fault = await this.port.reset({ scene, seed: Number(request.seed), poses });
    // nobody has moved from where they stood to where they stand
    if (fault === undefined) this.publish("bodies_void_until", encodeClock(this.stamp(this.time)));
    return fault;
  }

  private async perturb(r: {
    action: string;
    target: string;
    pose: RosPose;
    value: number;
    duration: number;
  }): Promise<string | undefined> {
    const { action, target, value, duration } = r;
    switch (action) {
      case "move":
        return this.port.disturb({ action, target, duration, ...plainPose(r.pose) });
      case "hide":
      case "show":
      case "freeze":
      case "unfreeze":
      case "clear":
        return this.port.disturb({ action, target, duration });
      case "drop":
      case "delay":
      case "corrupt":
        return this.port.disturb({ action, target, duration, value } satisfies SimDisturbance);
      default:
        return (
          `got action '${action.slice(0, 40)}', want move, hide, show, freeze, unfreeze, drop, delay, corrupt ` +
          "or clear"
        );
    }
  }

  private stamp(t: Seconds): Stamp {
    return later(this.epoch ?? { sec: 0, nanosec: 0 }, t);
  }

  private leapUnit(): string {
    const { jointNames, slides = [] } = this.settings,
      sliding = slides.filter(Boolean).length;
    return sliding === 0 ? "mrad" : sliding === jointNames.length ? "mm" : "mrad or mm";
  }

  private warn(text: string): void {
    const now = performance.now();
    if (now - this.lastWarning < WARN_PERIOD) return;
    this.lastWarning = now;
    this.node.getLogger().warn(text);
  }
}

function plainPose({ position: p, orientation: o }: RosPose): {
  position: [number, number, number];
  orientation: [number, number, number, number];
} {
  return { position: [p.x, p.y, p.z], orientation: [o.x, o.y, o.z, o.w] };
}
