import type rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { encodeBodyArray } from "../cdr/BodyArray.js";
import { encodeCameraInfo } from "../cdr/CameraInfo.js";
import { encodeClock } from "../cdr/Clock.js";
import { encodeGroundTruth } from "../cdr/GroundTruth.js";
import type { Header } from "../cdr/Header.js";
import { encodeImage } from "../cdr/Image.js";
import { encodeJointState } from "../cdr/JointState.js";
import { encodeObjectArray } from "../cdr/ObjectArray.js";
import { encodeString } from "../cdr/StringMessage.js";
import { encodeWrenchStamped } from "../cdr/WrenchStamped.js";
import { qualities } from "../qualities.js";
import { groundTruthOf } from "./groundTruthOf.js";
import type { SimEpoch } from "./SimEpoch.js";
import type { SimNodeSettings } from "./SimNodeSettings.js";
import type { SimReading, SimTick } from "./SimPort.js";

/** What the simulation publishes: time, sensor readings, and the ground truth. */
export class SimOutputs {
  private readonly publishers = new Map<string, rclnodejs.Publisher<never>>();
  private time: Seconds = 0; // of the last tick

  constructor(
    private readonly node: rclnodejs.Node,
    private readonly settings: SimNodeSettings<unknown>,
    private readonly epoch: SimEpoch,
  ) {
    this.advertise("/clock", "rosgraph_msgs/msg/Clock", qualities.reliable(10));
    this.advertise("joint_states", "sensor_msgs/msg/JointState", qualities.reliable(10));
    this.advertise("bodies", "telos_interfaces/msg/BodyArray", qualities.reliable(10));
    this.advertise("bodies_void_until", "builtin_interfaces/msg/Time", qualities.reliable(1));
    this.advertise("robot_description", "std_msgs/msg/String", qualities.latched());
    this.advertise("~/ground_truth", "telos_interfaces/msg/GroundTruth", qualities.reliable(100));
    if (settings.objects) this.advertise("objects", "telos_interfaces/msg/ObjectArray", qualities.reliable(10));
    if (settings.forces) this.advertise("wrench", "geometry_msgs/msg/WrenchStamped", qualities.reliable(10));
    this.publish("robot_description", encodeString(settings.urdf));
  }

  clock(time: Seconds): void {
    this.publish("/clock", encodeClock(this.epoch.stamp(time)));
  }

  tick({ time, readings, truth }: SimTick): void {
    const { base, jointNames } = this.settings;
    for (const reading of readings) this.read(reading);
    const header = { stamp: this.epoch.stamp(time), frameId: base };
    this.publish("~/ground_truth", encodeGroundTruth(groundTruthOf(header, jointNames, truth)));
    this.time = time;
  }

  /** Earlier messages on `bodies` are void: nobody has walked from the old places to the new ones. */
  voidBodies(): void {
    this.publish("bodies_void_until", encodeClock(this.epoch.stamp(this.time)));
  }

  private read(r: SimReading): void {
    const header: Header = { stamp: this.epoch.stamp(r.stamp), frameId: this.settings.base };
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
        this.publish("objects", encodeObjectArray({ header, objects: r.objects, shapes: r.shapes }));
        break;
      case "image":
        this.image({ ...header, frameId: `${r.camera}_optical_frame` }, r);
        break;
      default:
        r satisfies never;
    }
  }

  private image(header: Header, { camera, width, height, f, data }: Extract<SimReading, { kind: "image" }>): void {
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

  private advertise(topic: string, type: string, qos: unknown): void {
    this.publishers.set(
      topic,
      this.node.createPublisher(type as never, topic, { qos } as never) as rclnodejs.Publisher<never>,
    );
  }

  private publish(topic: string, bytes: Uint8Array): void {
    this.publishers.get(topic)!.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
  }
}
