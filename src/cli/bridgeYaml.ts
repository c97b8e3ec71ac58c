import { sceneCameras, type SceneConfig } from "../config/SceneConfig.js";
import { GAZEBO_TOPICS } from "../sim/export/armSdf.js";
import { moverTopics } from "../sim/export/moverSdf.js";

/**
 * The configuration of ros_gz_bridge between a world of `telos export sdf` and ROS. It passes the clock, every camera,
 * and people and movers on `gazebo/ID/…`. With Gazebo's own controllers it also passes the arm's joint states and
 * trajectories; otherwise ros2_control has its own topics for them. Names on the ROS side are relative to the bridge's
 * namespace, except the clock.
 */
export function bridgeYaml(scene: SceneConfig, control: "gazebo" | "ros2_control", topic: string): string {
  const line = (ros: string, gz: string, type: string, gzType: string, way = "GZ_TO_ROS"): string =>
    `- { ros_topic_name: ${ros}, gz_topic_name: ${gz}, ros_type_name: ${type}, gz_type_name: gz.msgs.${gzType}, ` +
    `direction: ${way} }\n`;
  const joints = (ros: string, gz: string): string => line(ros, gz, "sensor_msgs/msg/JointState", "Model");
  const trajectory = (ros: string, gz: string): string =>
    line(ros, gz, "trajectory_msgs/msg/JointTrajectory", "JointTrajectory", "ROS_TO_GZ");
  return [
    "# ros_gz_bridge: written by `telos export bridge`\n",
    line("/clock", "/clock", "rosgraph_msgs/msg/Clock", "Clock"),
    ...(control === "gazebo"
      ? [joints("joint_states", GAZEBO_TOPICS.joints), trajectory(topic, GAZEBO_TOPICS.trajectory)]
      : []),
    ...Object.keys(sceneCameras(scene)).flatMap((name) => [
      line(`${name}/image_raw`, `/telos/${name}/image_raw`, "sensor_msgs/msg/Image", "Image"),
      line(`${name}/camera_info`, `/telos/${name}/camera_info`, "sensor_msgs/msg/CameraInfo", "CameraInfo"),
    ]),
    ...scene.bodies
      .filter((b) => b.path.length > 0)
      .flatMap(({ id }) => [
        joints(`gazebo/${id}/joint_states`, moverTopics(id).joints),
        trajectory(`gazebo/${id}/joint_trajectory`, moverTopics(id).trajectory),
      ]),
  ].join("");
}
