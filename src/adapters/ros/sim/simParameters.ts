import type rclnodejs from "rclnodejs";
import { loadRobotConfig, loadSceneConfig } from "../../../config/index.js";
import { declareParameters, parameterValues, type Declarations } from "../declareParameters.js";
import { describeSimTime } from "../agent/describeSimTime.js";
import { matchesNode } from "../matchesNode.js";
import { remappedName } from "../remappedName.js";
import type { RosArguments } from "../rosArguments.js";

/** Start settings of the simulator. */
export interface SimParameters {
  readonly scene: string;
  readonly robot: string;
  readonly seed: bigint;
  readonly speed: number; // Infinity: as fast as possible
  readonly objects: boolean;
  readonly camera: boolean;
  readonly controller: string;
}

const oneOf =
  (names: readonly string[]) =>
  (x: string): void => {
    if (!names.includes(x)) throw new RangeError(`parameter controller: got '${x}', want one of ${names.join(", ")}`);
  };

/** All are read when the node starts; a scene and a seed can be changed later by ~/reset. */
const declarations = (controllers: readonly string[]): Declarations<SimParameters> => ({
  scene: {
    value: "table",
    description: "Scene at the start: a name in config/scenes, or the path of a YAML file; ~/reset can load another.",
    readOnly: true,
    check: (x) => loadSceneConfig(x),
  },
  robot: {
    value: "",
    description: "Robot: a name in config/robots, or the path of a YAML or URDF file. Empty: the scene's.",
    readOnly: true,
    check: (x) => x !== "" && loadRobotConfig(x),
  },
  seed: {
    value: 1n,
    description: "Seed of the scene's random draws at the start; ~/reset can use another.",
    readOnly: true,
    range: [0, Number.MAX_SAFE_INTEGER],
  },
  speed: {
    value: 1,
    description: "Simulated seconds per second, above 0; .inf, or max: as fast as possible.",
    readOnly: true,
    check: (x) => {
      if (!(x > 0)) throw new RangeError(`parameter speed: got ${x}, want a number above 0, or max`);
    },
  },
  objects: { value: false, description: "Publish noisy poses of the objects on `objects`.", readOnly: true },
  camera: { value: true, description: "Publish the images of the scene's camera.", readOnly: true },
  controller: {
    value: "jazzy",
    description: "Release of ros2_control whose joint_trajectory_controller is imitated.",
    readOnly: true,
    check: oneOf(controllers),
  },
});

/**
 * The simulator's parameters from --ros-args, else from the command line. Returns them and a function that declares
 * them once there is a node.
 * @throws ConfigError, RangeError for an invalid value
 */
export function simParameters(
  ros: RosArguments,
  options: SimParameters,
  controllers: readonly string[],
): { readonly values: SimParameters; readonly declare: (node: rclnodejs.Node) => void } {
  const name = remappedName(ros, "telos_sim"),
    offered = declarations(controllers);
  const rules = ros.rules
    .filter((rule) => matchesNode(rule.node, name))
    .map((rule) => (rule.name === "speed" && rule.value === "max" ? { ...rule, value: Infinity } : rule));
  const values = parameterValues(offered, rules, options);
  const declare = (node: rclnodejs.Node): void => {
    declareParameters(node, offered, [], values);
    describeSimTime(node, "No effect here: this node makes the simulated time and publishes it on /clock.");
  };
  return { values, declare };
}
