/**
 * Type and meaning of each topic, service and action. config/security/policy.xml says which node publishes, subscribes
 * to, serves or calls it. `npm test -- security/interfaces` compares names and types with the running nodes.
 */
export const TOPICS = {
  joint_states: ["sensor_msgs/msg/JointState", "measured joints, in any order; other joints are ignored"],
  robot_description: ["std_msgs/msg/String", "URDF, latched; needed if the robot file names no URDF"],
  "camera/image_raw": ["sensor_msgs/msg/Image", "rgb8 or bgr8, sensor-data QoS; parameter `cameras` lists cameras"],
  "camera/camera_info": ["sensor_msgs/msg/CameraInfo", "of that camera"],
  bodies: ["telos_interfaces/msg/BodyArray", "tracked people and moving obstacles, as capsules"],
  bodies_void_until: [
    "builtin_interfaces/msg/Time",
    "`bodies` stamped up to this time are void: the tracker or the scene started anew",
  ],
  objects: ["telos_interfaces/msg/ObjectArray", "optional poses and shapes of objects, of another perception system"],
  wrench: [
    "geometry_msgs/msg/WrenchStamped",
    "tared contact force; needed if the robot file declares `guardrails.contact_force`",
  ],
  tf_static: ["tf2_msgs/msg/TFMessage", "fixed frames of inputs, if tf2_msgs is installed"],
  clock: ["rosgraph_msgs/msg/Clock", "simulated time"],
  "joint_trajectory_controller/joint_trajectory": [
    "trajectory_msgs/msg/JointTrajectory",
    "the command: one step and its fail-safe trajectory, ends at rest; name by the robot's `controller.topic`",
  ],
  "gripper_controller/joint_trajectory": [
    "trajectory_msgs/msg/JointTrajectory",
    "the command to the hand, of a robot with a `gripper`; name by its `gripper.controller.topic`",
  ],
  "telos/plan": ["telos_interfaces/msg/Plan", "every plan of every level"],
  "telos/state": ["telos_interfaces/msg/AgentState", "10 Hz: task, mode, margins, energies, beliefs"],
  "telos/markers": ["visualization_msgs/msg/MarkerArray", "plans, subgoals, guardrail volumes, beliefs, for RViz"],
  "telos/transition_event": ["lifecycle_msgs/msg/TransitionEvent", "transitions of the lifecycle node"],
  "telos/proposal": ["telos_interfaces/msg/Proposal", "with `--guard apart`: the plan proposal for the guard"],
  "telos_guard/commands": [
    "trajectory_msgs/msg/JointTrajectory",
    "a copy of each command that goes to the controller as an action goal; for recordings",
  ],
  "telos_guard/commanded": ["telos_interfaces/msg/Commanded", "100 Hz: where the guard has commanded the arm to be"],
  "telos_guard/report": ["telos_interfaces/msg/GuardReport", "20 Hz: mode, margins and counters of the guard"],
  "telos_guard/plan": ["telos_interfaces/msg/Plan", "of the guard: it makes no plans, so none is published"],
  "telos_guard/state": ["telos_interfaces/msg/AgentState", "10 Hz, of the guard"],
  "telos_guard/markers": ["visualization_msgs/msg/MarkerArray", "of the guard"],
  "telos_guard/transition_event": ["lifecycle_msgs/msg/TransitionEvent", "transitions of the lifecycle node"],
  "telos_sim/ground_truth": [
    "telos_interfaces/msg/GroundTruth",
    "100 Hz: the true state, for ground-truth checkers only",
  ],
  diagnostics: ["diagnostic_msgs/msg/DiagnosticArray", "1 Hz: rates, plan times, stale inputs, guardrail trips"],
  parameter_events: ["rcl_interfaces/msg/ParameterEvent", "of every ROS 2 node"],
  rosout: ["rcl_interfaces/msg/Log", "log messages"],
};

export const SERVICES = {
  "telos/emergency_stop": ["std_srvs/srv/Trigger", "stop and latch"],
  "telos/reset": ["std_srvs/srv/Trigger", "release the latch; granted only at rest with fresh inputs"],
  "telos_guard/emergency_stop": ["std_srvs/srv/Trigger", "stop and latch"],
  "telos_guard/reset": ["std_srvs/srv/Trigger", "release the latch of the guard"],
  "telos_sim/reset": ["telos_interfaces/srv/ResetScene", "put a scene into its initial state"],
  "telos_sim/perturb": ["telos_interfaces/srv/Perturb", "disturb the simulated world or a sensor"],
};

export const ACTIONS = {
  "telos/accomplish": ["telos_interfaces/action/Accomplish", "accomplish a task; a new goal pre-empts the running one"],
  "joint_trajectory_controller/follow_joint_trajectory": [
    "control_msgs/action/FollowJointTrajectory",
    "commands as goals, if the robot file says `controller.interface: action`",
  ],
};
