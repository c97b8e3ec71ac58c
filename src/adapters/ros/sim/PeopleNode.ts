import rclnodejs from "rclnodejs";
import type { Vec3 } from "../../../core/geometry/Shape.js";
import type { Seconds } from "../../../core/Seconds.js";
import { encodeBodyArray, type BodyMessage } from "../cdr/BodyArray.js";
import { readHeader } from "../cdr/Header.js";
import { decodeJointState } from "../cdr/JointState.js";
import { encodeJointTrajectory } from "../cdr/JointTrajectory.js";
import { reader } from "../cdr/sequences.js";
import { toSeconds } from "../cdr/Stamp.js";
import { qualities } from "../qualities.js";

/** A person or mover of a scene. */
export interface Person {
  readonly id: string;
  readonly parts: readonly BodyMessage[]; // at the start of its path
  readonly joints: readonly string[]; // of its slides along x, y, z; none if it stands still
  readonly path: readonly { readonly t: Seconds; readonly offset: Vec3 }[]; // m, from there
}

const PERIOD: Seconds = 1 / 30;
const LOOK = 200; // ms
const TOPIC = "trajectory_msgs/msg/JointTrajectory",
  JOINTS = "sensor_msgs/msg/JointState";

/**
 * People and movers in a simulator that has no tracker for them. Sends each its path once, when its controller
 * subscribes, and publishes on `bodies` where its slides are, by the simulator's own joint states. The time is the
 * arm's: the stamps of `joint_states`.
 */
export class PeopleNode {
  private readonly node = new rclnodejs.Node("telos_people");
  private readonly offsets = new Map<string, readonly number[]>(); // by id, m
  private readonly timer: NodeJS.Timeout;
  private told: Seconds = -Infinity;

  /** rclnodejs must have been initialised. @param base frame of all messages */
  constructor(people: readonly Person[], base: string) {
    const { node } = this,
      moving = people.filter((p) => p.joints.length > 0);
    const bodies = node.createPublisher("telos_interfaces/msg/BodyArray", "bodies", { qos: qualities.reliable(10) });
    const send = (publisher: unknown, bytes: Uint8Array): void =>
      (publisher as rclnodejs.Publisher<never>).publish(
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never,
      );
    const listen = (topic: string, take: (bytes: Buffer) => void): void =>
      void node.createSubscription(JOINTS, topic, { isRaw: true, qos: qualities.sensor(1) }, take as never);
    for (const { id, joints } of moving)
      listen(`gazebo/${id}/joint_states`, (bytes) => {
        const m = decodeJointState(bytes);
        this.offsets.set(
          id,
          joints.map((name) => m.position[m.name.indexOf(name)] ?? NaN),
        );
      });
    listen("joint_states", (bytes) => {
      const { stamp } = readHeader(reader(bytes)),
        t = toSeconds(stamp);
      if (Math.abs(t - this.told) < PERIOD || moving.some((p) => !this.offsets.has(p.id))) return;
      this.told = t;
      const at = (p: Vec3, [x, y, z]: readonly number[]): Vec3 => [p[0] + x, p[1] + y, p[2] + z];
      const seen = people.flatMap(({ id, parts }) =>
        parts.map((b) => ({
          ...b,
          p0: at(b.p0, this.offsets.get(id) ?? [0, 0, 0]),
          p1: at(b.p1, this.offsets.get(id) ?? [0, 0, 0]),
        })),
      );
      send(bodies, encodeBodyArray({ header: { stamp, frameId: base }, bodies: seen }));
    });
    const unsent = new Map(
      moving.map((p) => [
        p,
        node.createPublisher(TOPIC, `gazebo/${p.id}/joint_trajectory`, { qos: qualities.reliable(1) }),
      ]),
    );
    this.timer = setInterval(() => {
      for (const [person, publisher] of unsent) {
        if ((publisher.subscriptionCount as unknown as number) === 0 || !this.offsets.has(person.id)) continue;
        const points = person.path.map(({ t, offset }) => ({
          positions: offset,
          velocities: [],
          accelerations: [],
          effort: [],
          timeFromStart: t,
        }));
        send(
          publisher,
          encodeJointTrajectory({
            header: { stamp: { sec: 0, nanosec: 0 }, frameId: "" },
            jointNames: person.joints,
            points,
          }),
        );
        unsent.delete(person);
      }
    }, LOOK);
    node.spin();
  }

  stop(): void {
    clearInterval(this.timer);
    this.node.destroy();
  }
}
