const TIME = "int32 sec\nuint32 nanosec\n";
const HEADER = "builtin_interfaces/Time stamp\nstring frame_id\n";
const POSE = "geometry_msgs/Point position\ngeometry_msgs/Quaternion orientation\n";
const POINT = "float64 x\nfloat64 y\nfloat64 z\n";
const QUATERNION = "float64 x\nfloat64 y\nfloat64 z\nfloat64 w\n";

/** A definition and those of the types in it, as rosbag2 writes them into MCAP. */
const compose = (text: string, parts: Readonly<Record<string, string>>): string =>
  text +
  Object.entries(parts)
    .map(([name, part]) => `${"=".repeat(80)}\nMSG: ${name}\n${part}`)
    .join("");

const stamped = { "std_msgs/Header": HEADER, "builtin_interfaces/Time": TIME };

/** Definitions of the messages that Telos records, by type. Source: ROS 2's common_interfaces, and `interfaces/`. */
export const definitions = {
  "std_msgs/msg/String": "string data\n",
  "sensor_msgs/msg/Image": compose(
    "std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\n" +
      "uint8[] data\n",
    stamped,
  ),
  "sensor_msgs/msg/CameraInfo": compose(
    "std_msgs/Header header\nuint32 height\nuint32 width\nstring distortion_model\nfloat64[] d\nfloat64[9] k\n" +
      "float64[9] r\nfloat64[12] p\nuint32 binning_x\nuint32 binning_y\nsensor_msgs/RegionOfInterest roi\n",
    {
      ...stamped,
      "sensor_msgs/RegionOfInterest":
        "uint32 x_offset\nuint32 y_offset\nuint32 height\nuint32 width\nbool do_rectify\n",
    },
  ),
  "sensor_msgs/msg/JointState": compose(
    "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort\n",
    stamped,
  ),
  "trajectory_msgs/msg/JointTrajectory": compose(
    "std_msgs/Header header\nstring[] joint_names\ntrajectory_msgs/JointTrajectoryPoint[] points\n",
    {
      ...stamped,
      "trajectory_msgs/JointTrajectoryPoint":
        "float64[] positions\nfloat64[] velocities\nfloat64[] accelerations\nfloat64[] effort\n" +
        "builtin_interfaces/Duration time_from_start\n",
      "builtin_interfaces/Duration": TIME,
    },
  ),
  "telos_interfaces/msg/ObjectArray": compose("std_msgs/Header header\ntelos_interfaces/Object[] objects\n", {
    ...stamped,
    "telos_interfaces/Object": "string id\ngeometry_msgs/Pose pose\nfloat64 position_std\nfloat64 orientation_std\n",
    "geometry_msgs/Pose": POSE,
    "geometry_msgs/Point": POINT,
    "geometry_msgs/Quaternion": QUATERNION,
  }),
} as const;
