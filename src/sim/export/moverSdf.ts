import type { SceneBody } from "../../config/SceneConfig.js";
import { inertialSdf, plugin } from "./armSdf.js";
import { bodyOrigin } from "../physics/buildMjcf.js";
import { sdfPose } from "./sdfShape.js";
import { leaf, xml } from "./xml.js";

const MASS = 10,
  CARRIER = 1; // kg, of the body, and of each link between its slides
const OMEGA = 100; // rad/s: 20 ms behind its path, and 1 mm lower by its weight
const AXES = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } as const;

/** Gazebo's topics of a person or mover. */
export const moverTopics = (id: string): { readonly joints: string; readonly trajectory: string } => ({
  joints: `/telos/${id}/joint_states`,
  trajectory: `/telos/${id}/joint_trajectory`,
});

/** The joints that move it, in the order of its offset from the start of its path. */
export const moverJoints = (id: string): string[] => Object.keys(AXES).map((axis) => `${id}_${axis}`);

/**
 * A person or mover with a path: three sliding joints along x, y and z connect it to the world, and a Gazebo controller
 * moves them (`telos people` sends the path). No obstacle stops it.
 * @param parts its collisions and visuals, in its own frame
 */
export function moverSdf(b: SceneBody, parts: readonly string[]): string {
  const [x, y, z] = moverJoints(b.id),
    at = sdfPose(bodyOrigin(b)),
    K = OMEGA * OMEGA * (MASS + 2 * CARRIER),
    D = 2 * OMEGA * (MASS + 2 * CARRIER);
  const link = (name: string, mass: number, inner: readonly string[] = []): string =>
    xml("link", { name }, [at, inertialSdf({ mass, centre: [0, 0, 0], inertia: [0.1, 0.1, 0.1, 0, 0, 0] }), ...inner]);
  const slide = (name: string, axis: readonly number[], parent: string, child: string): string =>
    xml("joint", { name, type: "prismatic" }, [
      leaf("parent", parent),
      leaf("child", child),
      xml("axis", {}, [
        leaf("xyz", axis),
        xml("limit", {}, [leaf("lower", -10), leaf("upper", 10)]),
        xml("dynamics", {}, [leaf("damping", D)]),
      ]),
    ]);
  return xml("model", { name: b.id }, [
    leaf("self_collide", false),
    link("slide_x", CARRIER),
    link("slide_y", CARRIER),
    link("link", MASS, parts),
    slide(x, AXES.x, "world", "slide_x"),
    slide(y, AXES.y, "slide_x", "slide_y"),
    slide(z, AXES.z, "slide_y", "link"),
    plugin("gz-sim-joint-trajectory-controller-system", "gz::sim::systems::JointTrajectoryController", [
      leaf("topic", moverTopics(b.id).trajectory),
      ...[x, y, z].map((name) => leaf("joint_name", name)),
      ...[x, y, z].map(() => leaf("position_p_gain", K)),
    ]),
    plugin("gz-sim-joint-state-publisher-system", "gz::sim::systems::JointStatePublisher", [
      leaf("topic", moverTopics(b.id).joints),
    ]),
  ]);
}
