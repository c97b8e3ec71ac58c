import { mulTransform } from "../../core/geometry/mulTransform.js";
import type { Arm } from "../../kinematics/Arm.js";
import { GazeboServo } from "../../kinematics/GazeboServo.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { armBodies, heldValues, type ArmBody, type ArmJoint, type BodyInertial } from "../physics/armBodies.js";
import { partShape, poseOf, sdfPose, type SdfShape } from "./sdfShape.js";
import { leaf, xml } from "./xml.js";

/** Who moves the arm in Gazebo: its own joint controllers, or gz_ros2_control with the parameters in a file. */
export type SdfControl = { readonly kind: "gazebo" } | { readonly kind: "ros2_control"; readonly controllers: string };

/** Gazebo's topics of the arm. `telos export bridge` writes how they are connected to ROS. */
export const GAZEBO_TOPICS = { joints: "/telos/joint_states", trajectory: "/telos/joint_trajectory" } as const;

/**
 * The arm as an SDF model `arm` fixed to the world. Its links have weight, because some releases of Gazebo ignore
 * `<gravity>` of a link; the torques in the commands compensate it (`GazeboServo`). Links do not collide with each
 * other in Gazebo: the guardrails keep them apart.
 */
export function armSdf(urdf: Urdf, arm: Arm, start: ArrayLike<number>, control: SdfControl): string {
  const drives = control.kind === "gazebo" ? new GazeboServo(arm) : undefined;
  return xml("model", { name: "arm" }, [
    leaf("self_collide", false),
    ...standing(armBodies(urdf, arm)).flatMap((root) => [
      xml("joint", { name: `${root.link.name}_stands`, type: "fixed" }, [
        leaf("parent", "world"),
        leaf("child", root.link.name),
      ]),
      ...linkSdf(root, arm, drives, undefined),
    ]),
    ...(control.kind === "gazebo" ? gazeboControl(urdf, arm, drives!, start) : [ros2Control(control.controllers)]),
  ]);
}

/** The links fixed to SDF's world: the root, or its children if the URDF has the world itself as a link. */
function standing(root: ArmBody): ArmBody[] {
  if (root.link.name !== "world") return [root];
  return root.children.map((child) => ({
    ...child,
    pose: mulTransform(new Float64Array(12), 0, root.pose, 0, child.pose, 0),
  }));
}

function linkSdf(
  { link, pose, joint, inertial, parts, children }: ArmBody,
  arm: Arm,
  drives: GazeboServo | undefined,
  parent: string | undefined,
): string[] {
  const at = poseOf(pose);
  const below = children.flatMap((child) => linkSdf(child, arm, drives, link.name));
  // This is a frame, not a link, because simulators require a mass for every link.
  if (parent !== undefined && !joint && !inertial && parts.length === 0 && children.length === 0)
    return [xml("frame", { name: link.name, attached_to: parent }, [sdfPose(at.position, at.orientation)])];
  const solid = parts
    .filter((p) => p.use !== "see")
    .map((p, i) => partSdf("collision", `${link.name}_collision_${i}`, partShape(p.shape)));
  const seen = parts
    .filter((p) => p.use !== "collide")
    .map((p, i) => partSdf("visual", `${link.name}_visual_${i}`, partShape(p.shape), p.colour));
  const body = xml("link", { name: link.name }, [
    sdfPose(at.position, at.orientation, parent),
    inertialSdf(inertial ?? WEIGHTLESS),
    ...solid,
    ...seen,
  ]);
  return [
    body,
    ...(parent === undefined
      ? []
      : [
          joint
            ? jointSdf(joint, arm, drives)
            : xml("joint", { name: `${link.name}_fixed`, type: "fixed" }, [
                leaf("parent", parent),
                leaf("child", link.name),
              ]),
        ]),
    ...below,
  ];
}

const UNBOUNDED = 1e6; // N·m

/** Gains of the fingers' servos, N/m or N·m/rad, and with s. They weigh grams and get no torque in commands. */
const FINGER = { stiffness: 2000, damping: 20 } as const;

/** Default for links without inertia in the URDF that move with their parent. */
const WEIGHTLESS: BodyInertial = { mass: 1e-6, centre: [0, 0, 0], inertia: [1e-9, 1e-9, 1e-9, 0, 0, 0] };

/**
 * At full speed the drive's damping uses all of its torque. The commanded torque may be twice the limit, so that the
 * full torque is left at full speed.
 */
function jointSdf(j: ArmJoint, arm: Arm, drives: GazeboServo | undefined): string {
  const effort = j.index < 0 ? (j.limit?.effort ?? 0) : arm.limits.effort[j.index],
    damping = j.index < 0 ? FINGER.damping : (drives?.damping[j.index] ?? 0);
  const available = j.index < 0 || !drives ? effort : effort + damping * arm.limits.velocity[j.index];
  const limit = [
    ...(j.range ? [leaf("lower", j.range[0]), leaf("upper", j.range[1])] : []),
    leaf("effort", Number.isFinite(effort) ? available : UNBOUNDED),
    leaf("velocity", j.index < 0 ? (j.limit?.velocity ?? 0) : arm.limits.velocity[j.index]),
  ];
  const axis = xml("axis", {}, [
    leaf("xyz", j.axis),
    xml("limit", {}, limit),
    xml("dynamics", {}, [leaf("damping", damping)]),
  ]);
  return xml("joint", { name: j.name, type: j.type }, [leaf("parent", j.parent), leaf("child", j.child), axis]);
}

export function inertialSdf({ mass, centre, inertia: [xx, yy, zz, xy, xz, yz] }: BodyInertial): string {
  const tensor = Object.entries({ ixx: xx, iyy: yy, izz: zz, ixy: xy, ixz: xz, iyz: yz }).map(([name, value]) =>
    leaf(name, value),
  );
  return xml("inertial", {}, [sdfPose(centre), leaf("mass", mass), xml("inertia", {}, tensor)]);
}

/** A visual, or a collision; `extra` are its other elements. */
export function partSdf(
  kind: "visual" | "collision",
  name: string,
  { geometry, position, orientation }: SdfShape,
  colour?: readonly number[],
  extra: readonly string[] = [],
): string {
  const paint = colour
    ? [xml("material", {}, [leaf("ambient", colour), leaf("diffuse", colour), leaf("specular", [0.1, 0.1, 0.1, 1])])]
    : [];
  return xml(kind, { name }, [sdfPose(position, orientation), geometry, ...paint, ...extra]);
}

export function plugin(file: string, name: string, children: readonly string[] = []): string {
  return xml("plugin", { filename: file, name }, children);
}

function gazeboControl(urdf: Urdf, arm: Arm, drives: GazeboServo, start: ArrayLike<number>): string[] {
  const each = (name: string, value: (j: number) => number): string[] =>
    arm.jointNames.map((_, j) => leaf(name, value(j)));
  const effort = (j: number): number => Math.min(arm.limits.effort[j], UNBOUNDED),
    raised = drives.raised(start);
  const trajectory = plugin(
    "gz-sim-joint-trajectory-controller-system",
    "gz::sim::systems::JointTrajectoryController",
    [
      leaf("topic", GAZEBO_TOPICS.trajectory),
      ...arm.jointNames.map((name) => leaf("joint_name", name)),
      ...each("initial_position", (j) => raised[j]),
      ...each("position_p_gain", (j) => drives.stiffness[j]),
      ...each("position_cmd_min", (j) => -effort(j)),
      ...each("position_cmd_max", effort),
    ],
  );
  const held = heldValues(urdf, arm).map(({ name, value }) =>
    plugin("gz-sim-joint-position-controller-system", "gz::sim::systems::JointPositionController", [
      leaf("joint_name", name),
      leaf("initial_position", value),
      leaf("p_gain", FINGER.stiffness),
      leaf("i_gain", 0),
      leaf("d_gain", 0),
    ]),
  );
  return [
    trajectory,
    ...held,
    plugin("gz-sim-joint-state-publisher-system", "gz::sim::systems::JointStatePublisher", [
      leaf("topic", GAZEBO_TOPICS.joints),
    ]),
  ];
}

function ros2Control(controllers: string): string {
  return plugin("gz_ros2_control-system", "gz_ros2_control::GazeboSimROS2ControlPlugin", [
    leaf("parameters", controllers),
    leaf("position_proportional_gain", 1),
  ]);
}
