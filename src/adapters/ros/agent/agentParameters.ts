import rclnodejs from "rclnodejs";
import { loadAgentConfig } from "../../../agent/setup/AgentConfig.js";
import { CONTROLLERS, loadRobotConfig, loadSceneConfig, namesFile, type RobotConfig } from "../../../config/index.js";
import { isTaskText, loadTask } from "../../../cost/index.js";
import { guardrailSchemas } from "../../../guardrails/index.js";
import { declareParameters, type Declarations } from "../declareParameters.js";
import { describeSimTime } from "./describeSimTime.js";
import { latchFolder } from "../guard/latchPath.js";
import type { ManagedNode } from "../ManagedNode.js";
import { matchesNode } from "../matchesNode.js";
import { remappedName } from "../remappedName.js";
import { requireControlMsgs } from "../requireControlMsgs.js";
import type { ParameterRule, RosArguments } from "../rosArguments.js";

/** The agent's own node, or the separate guard. */
export type NodeName = "telos" | "telos_guard";

/** Where the reflex and the safety filter run: in a thread of the agent, or in the node telos_guard. */
export type GuardPlace = "inside" | "apart";

/** The present values of the node's parameters. */
export interface AgentParameters {
  readonly robot: string;
  readonly agent: string;
  readonly scene: string;
  readonly task: string;
  readonly controller: "" | RobotConfig["controller"]["law"];
  readonly guard: GuardPlace;
  readonly autostart: boolean;
  readonly latch_folder: string;
  readonly use_sim_time: boolean;
  readonly cameras: readonly string[];
  readonly markers_rate: number; // Hz
  readonly description_timeout: number; // s
}

// read when the node is configured
const FIXED = ["robot", "agent", "scene", "controller", "guard", "cameras", "description_timeout"];

const declarations: Declarations<Omit<AgentParameters, "use_sim_time">> = {
  robot: {
    value: "",
    description:
      "Name in config/robots, or path of a robot's YAML or URDF. Empty: the scene's robot, or arm7 without a scene.",
    check: (x) => x !== "" && loadRobotConfig(x).controller.interface === "action" && requireControlMsgs(),
  },
  agent: {
    value: "default",
    description: "Name in config/agents, or path of an agent's YAML: levels, searches, weights.",
    check: (x) => loadAgentConfig(x),
  },
  scene: {
    value: "",
    description:
      "Name in config/scenes, or path of a scene's YAML: the fixed geometry that the agent may know. Empty: none.",
    check: (x) => x !== "" && loadSceneConfig(x),
  },
  task: {
    value: "",
    description:
      "Name in config/tasks, path, or YAML text of a task to start once, when the node is first active and its " +
      "inputs are fresh. Empty: wait for a goal.",
    check: (x) => x !== "" && loadTask(x, guardrailSchemas),
  },
  controller: {
    value: "",
    description:
      "Law of the arm's controller, instead of the robot's controller.law: ros2_control; or gazebo, Gazebo's own in " +
      "worlds of `telos export sdf`. Empty: as in the robot file.",
    check: (x) => {
      if (x !== "" && !(CONTROLLERS as readonly string[]).includes(x))
        throw new RangeError(`got '${x}', want ${CONTROLLERS.join(" or ")}`);
    },
  },
  guard: {
    value: "inside",
    description:
      "Where the safety filter runs: inside, in a thread of the agent; or apart, in the node telos_guard, to which " +
      "the agent then only proposes plans.",
    check: (x) => {
      if (x !== "inside" && x !== "apart") throw new RangeError(`got '${x}', want inside or apart`);
    },
  },
  autostart: {
    value: true,
    description: "Configure and activate without a request. Set false if launch or a lifecycle manager does it.",
    readOnly: true,
  },
  latch_folder: {
    value: latchFolder(),
    description:
      "Folder where a latch is kept until a person resets it, also over restarts; one file per ROS domain and full " +
      "node name. Empty: a restart releases the latch.",
    readOnly: true,
  },
  cameras: { value: ["camera"], description: "Namespaces of the cameras; each publishes <camera>/image_raw." },
  markers_rate: { value: 5, description: "How often ~/markers is published, Hz; 0: never.", range: [0, 5] },
  description_timeout: {
    value: 0,
    description:
      "How long configuring waits for robot_description if the robot file names no URDF, s; 0: until it comes.",
    range: [0, 600],
  },
};

const NAMING = ["robot", "agent", "scene", "task"]; // parameters that name a file
const isPath = (value: unknown): boolean => typeof value === "string" && !isTaskText(value) && namesFile(value);
const AGENT_ONLY = ["task", "guard", "cameras", "markers_rate"]; // a guard has neither tasks nor pictures
const OF_A_GUARD = { task: "", guard: "inside", cameras: [], markers_rate: 0 };

/**
 * Declares the parameters with the values of `rules` (--ros-args), else of `defaults` (the command line), else their
 * own defaults. Later changes are checked, and refused with the reason. Those that are read when the node is configured
 * can be changed only before.
 * @throws ConfigError, RangeError for an invalid value
 */
export function agentParameters(
  node: ManagedNode,
  name: NodeName,
  rules: readonly ParameterRule[],
  defaults: Partial<AgentParameters>,
): () => AgentParameters {
  const mine = rules.filter((rule) => matchesNode(rule.node, node.getFullyQualifiedName()));
  const offered = (
    name === "telos"
      ? declarations
      : Object.fromEntries(Object.entries(declarations).filter(([key]) => !AGENT_ONLY.includes(key)))
  ) as typeof declarations;
  const check = declareParameters(node, offered, mine, defaults);
  describeSimTime(
    node,
    "Take the time from /clock. It is read when the node starts. If it is not given, the agent takes the time " +
      "from /clock when the arm's joint states are stamped by it.",
  );
  const started = Object.fromEntries(
    NAMING.filter((key) => key in offered).map((key) => [key, node.getParameter(key).value]),
  );
  const refusal = (key: keyof typeof offered, type: number, value: unknown): string | undefined => {
    if (type === rclnodejs.ParameterType.PARAMETER_NOT_SET) return "it cannot be unset";
    if (FIXED.includes(key) && node.state !== "unconfigured")
      return `it is read when the node is configured, and the node is ${node.state}: clean up first`;
    // an error message about a file would show its content
    if (NAMING.includes(key) && isPath(value) && value !== started[key])
      return "a path can be given only at the start: set a name, or start the node with this path";
    return check(key, value);
  };
  node.addOnSetParametersCallback((parameters) => {
    for (const { name, type, value } of parameters) {
      if (!(name in offered)) continue;
      const reason = refusal(name as keyof typeof offered, type, value);
      if (reason !== undefined) return { successful: false, reason: `parameter ${name}: ${reason}` };
    }
    return { successful: true, reason: "" };
  });
  return () =>
    ({
      ...OF_A_GUARD,
      ...Object.fromEntries(
        [...Object.keys(offered), "use_sim_time"].map((key) => [key, node.getParameter(key).value]),
      ),
    }) as unknown as AgentParameters;
}

/**
 * Whether --ros-args ask for simulated time, else `otherwise`. This must be known before there is a node, hence the
 * name from the remaps `__node` and `__ns`.
 */
export function wantsSimTime(ros: RosArguments, node: NodeName, otherwise: boolean): boolean {
  const name = remappedName(ros, node);
  const value =
    ros.rules.findLast((rule) => rule.name === "use_sim_time" && matchesNode(rule.node, name))?.value ?? otherwise;
  if (typeof value !== "boolean")
    throw new RangeError(`parameter use_sim_time: got ${JSON.stringify(value)}, want true or false`);
  return value;
}

/** Whether the user named the source of time: by --ros-args or, by `said`, on the command line. */
export const saysSimTime = (ros: RosArguments, node: NodeName, said: boolean | undefined): boolean =>
  said !== undefined || wantsSimTime(ros, node, true) === wantsSimTime(ros, node, false);
