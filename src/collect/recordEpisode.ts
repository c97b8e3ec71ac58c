import type { Recording, RecordingChannel, RecordedMessage } from "../memory/episodes/writeRecording.js";
import { encodeCameraInfo } from "../adapters/ros/cdr/CameraInfo.js";
import { definitions } from "../adapters/ros/cdr/definitions.js";
import { encodeImage } from "../adapters/ros/cdr/Image.js";
import { encodeJointState } from "../adapters/ros/cdr/JointState.js";
import { encodeJointTrajectory } from "../adapters/ros/cdr/JointTrajectory.js";
import { encodeObjectArray } from "../adapters/ros/cdr/ObjectArray.js";
import { fromSeconds } from "../adapters/ros/cdr/Stamp.js";
import { encodeString } from "../adapters/ros/cdr/StringMessage.js";
import type { Collector } from "./Collector.js";
import type { Episode } from "./Episode.js";
import { episodeMetadata } from "./episodeMetadata.js";
import type { Policy } from "./Policy.js";

const TRAJECTORY = "/joint_trajectory_controller/joint_trajectory";

/**
 * An episode as ROS 2 messages: the content of a `ros2 bag` of the same arm and camera, with the random draws as
 * metadata.
 */
export function recordEpisode(
  { config, setup, urdf, jointNames }: Collector,
  e: Episode,
  version: string,
  policy: Policy = { name: "explore" },
): Recording {
  const name = config.camera;
  const { view } = e.world;
  const { width, height, f, cx, cy } = view;
  const channel = (topic: string, type: keyof typeof definitions): RecordingChannel => ({
    topic,
    type,
    definition: definitions[type],
  });
  const channels = [
    channel("/robot_description", "std_msgs/msg/String"),
    channel(`/${name}/image_raw`, "sensor_msgs/msg/Image"),
    channel(`/${name}/camera_info`, "sensor_msgs/msg/CameraInfo"),
    ...(config.depth ? [channel(`/${name}/depth`, "sensor_msgs/msg/Image")] : []),
    channel("/joint_states", "sensor_msgs/msg/JointState"),
    channel(TRAJECTORY, "trajectory_msgs/msg/JointTrajectory"),
    channel("/objects", "telos_interfaces/msg/ObjectArray"),
  ];
  const messages: RecordedMessage[] = [];
  const add = (topic: string, stamp: number, data: Uint8Array): void =>
    void messages.push({ topic, stamp: BigInt(Math.round(stamp * 1e9)), data });
  const header = (stamp: number, frameId: string) => ({ stamp: fromSeconds(stamp), frameId });
  add("/robot_description", 0, encodeString(urdf));
  for (const { stamp, image, depth, objects } of e.frames) {
    const optical = header(stamp, `${name}_optical_frame`);
    add(
      `/${name}/image_raw`,
      stamp,
      encodeImage({
        header: optical,
        height,
        width,
        encoding: "rgb8",
        isBigendian: false,
        step: 3 * width,
        data: image,
      }),
    );
    if (depth !== undefined) {
      const n = Math.sqrt(depth.length);
      add(
        `/${name}/depth`,
        stamp,
        encodeImage({
          header: optical,
          height: n,
          width: n,
          encoding: "32FC1",
          isBigendian: false,
          step: 4 * n,
          data: new Uint8Array(depth.buffer),
        }),
      );
    }
    const k = [f, 0, cx, 0, f, cy, 0, 0, 1];
    add(
      `/${name}/camera_info`,
      stamp,
      encodeCameraInfo({
        header: optical,
        height,
        width,
        distortionModel: "plumb_bob",
        d: [0, 0, 0, 0, 0],
        k,
        r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        p: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0],
      }),
    );
    add(
      "/objects",
      stamp,
      encodeObjectArray({
        header: header(stamp, setup.arm.base),
        objects: objects.map((o) => ({ ...o, positionStd: 0, orientationStd: 0 })),
        shapes: [],
      }),
    );
  }
  for (const { stamp, names, q, v } of e.joints)
    add(
      "/joint_states",
      stamp,
      encodeJointState({ header: header(stamp, ""), name: names, position: q, velocity: v, effort: [] }),
    );
  for (const { stamp, dt, q, v } of e.sent) {
    const points = q.map((positions, i) => ({
      positions,
      velocities: v[i],
      accelerations: [],
      effort: [],
      timeFromStart: i * dt,
    }));
    add(TRAJECTORY, stamp, encodeJointTrajectory({ header: header(stamp, ""), jointNames, points }));
  }
  messages.sort((a, b) => Number(a.stamp - b.stamp)); // stable: at one instant in the order above
  const { scene } = e.world;
  const metadata = new Map(
    Object.entries({
      scene: scene.name,
      ...episodeMetadata({ config, policy, seed: e.seed, version }, e),
      robot: setup.robot.name,
      contact: e.contact.map((x) => (x ? "1" : "0")).join(""), // of each model step: the arm touched something
      camera: { position: view.position, rotation: [...view.rotation], f, cx, cy },
      lighting: e.world.lighting,
      texture: e.world.texture !== undefined,
      objects: scene.objects.map(({ id, mass, friction, colour }) => ({ id, mass, friction, colour })),
      servo: scene.servo,
      fixed: scene.fixed.map(({ id, colour }) => ({ id, colour })),
    }).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return { channels, messages, metadata };
}
