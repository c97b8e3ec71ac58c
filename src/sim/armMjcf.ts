import { invertTransform } from "../core/invertTransform.js";
import { mulTransform } from "../core/mulTransform.js";
import { quatFromTransform } from "../core/quatFromTransform.js";
import { transformFromRpy } from "../core/transformFromRpy.js";
import type { Arm } from "../kinematics/Arm.js";
import { jointMotion, restValue } from "../kinematics/placeLinks.js";
import type { Urdf, UrdfInertial, UrdfJoint, UrdfLink, UrdfOrigin, UrdfPart } from "../kinematics/Urdf.js";
import { collisionBits } from "./collisionBits.js";
import { xml, type Attribute } from "./xml.js";

/** The arm's share of a MuJoCo model. */
export interface ArmMjcf {
  readonly root: string; // name of its outermost body
  readonly body: string; // the tree of links
  readonly exclude: readonly string[]; // pairs of links that may touch
  readonly actuators: readonly string[]; // one motor for each joint of the arm, in its order; then the grippers' servos
}

/** Goes before the names of links, so that a scene may call its things as it likes. */
export const LINK = "link:";

const PLAIN = [0.75, 0.76, 0.78, 1];
const SLIDING = { kp: 2000, dampratio: 1, forcerange: [-60, 60] };
const TURNING = { kp: 20, dampratio: 1, forcerange: [-5, 5] };
const MASSLESS = { pos: [0, 0, 0], mass: 0.001, diaginertia: [1e-6, 1e-6, 1e-6] };

/**
 * A URDF as MuJoCo bodies, base link at the world's origin. Collision primitives collide, visual ones are seen; a link whose geometry is
 * all meshes gets the arm's capsules for both. Joints that are not the arm's are held at their rest value. Links collide with each
 * other just where the arm's `selfPairs` say that they must stay apart: ground truth and guardrails speak of the same pairs.
 */
export function armMjcf(urdf: Urdf, arm: Arm): ArmMjcf {
  const moving = arm.jointNames.map((name) => urdf.joints.get(name)!);
  return {
    root: LINK + urdf.root,
    body: linkMjcf(urdf, arm, new Set([...moving, ...fingers(urdf, arm)]), urdf.root, undefined, basePose(urdf, arm.base)),
    exclude: exclusions(urdf, arm),
    actuators: [
      ...moving.map((j, i) => xml("motor", { name: j.name, joint: j.name, ctrlrange: [-arm.limits.effort[i], arm.limits.effort[i]] })),
      ...fingers(urdf, arm).map((j) => xml("position", { name: j.name, joint: j.name, ...(j.type === "prismatic" ? SLIDING : TURNING) })),
    ],
  };
}

/** The joints that the servos after the arm's motors hold, in their order, each at its rest value. */
export function heldValues(urdf: Urdf, arm: Arm): { name: string; value: number }[] {
  return fingers(urdf, arm).map((j) => ({ name: j.name, value: restValue(j) }));
}

/** Joints that move in the plant and are not the arm's: those of a gripper. Others on the way from base to tool stand still at rest. */
function fingers(urdf: Urdf, arm: Arm): UrdfJoint[] {
  const chain = new Set(wayUp(urdf, arm.tool));
  return [...urdf.joints.values()].filter((j) => isMovable(j) && !arm.jointNames.includes(j.name) && !chain.has(j));
}

function isMovable(j: UrdfJoint): boolean {
  return j.type === "revolute" || j.type === "continuous" || j.type === "prismatic";
}

/** The joints from a link up to the root. */
function wayUp(urdf: Urdf, link: string): UrdfJoint[] {
  const above = [...urdf.joints.values()].find((j) => j.child === link);
  return above ? [above, ...wayUp(urdf, above.parent)] : [];
}

function linkMjcf(urdf: Urdf, arm: Arm, movable: ReadonlySet<UrdfJoint>, name: string, joint: UrdfJoint | undefined, pose: Float64Array): string {
  const link = urdf.links.get(name)!;
  const children = [...urdf.joints.values()].filter((j) => j.parent === name);
  const moves = joint !== undefined && movable.has(joint);
  const inner: string[] = [];
  if (moves) inner.push(jointMjcf(joint, arm));
  if (link.inertial && link.inertial.mass > 0) inner.push(inertialMjcf(link.inertial));
  else if (moves) inner.push(xml("inertial", MASSLESS));
  inner.push(...geoms(link, arm));
  for (const j of children) {
    const at = placed(j.origin);
    if (!movable.has(j) && isMovable(j)) mulTransform(at, 0, at, 0, jointMotion(j, restValue(j)), 0);
    inner.push(linkMjcf(urdf, arm, movable, j.child, j, at));
  }
  return xml("body", { name: LINK + name, ...posQuat(pose) }, inner);
}

function jointMjcf(j: UrdfJoint, arm: Arm): string {
  const i = arm.jointNames.indexOf(j.name);
  const range = j.type === "continuous" || !j.limit || !(j.limit.upper > j.limit.lower) ? undefined : [j.limit.lower, j.limit.upper];
  return xml("joint", {
    name: j.name,
    type: j.type === "prismatic" ? "slide" : "hinge",
    axis: j.axis,
    range,
    // Rotor and gear: grows with the motor. Known to the controller, as it is on a real arm.
    armature: i < 0 ? 0.01 : 0.0004 * Math.min(arm.limits.effort[i], 500),
    damping: i < 0 ? 1 : 0,
  });
}

const LEAST_INERTIA = 1e-7; // kg·m²; many URDFs give a mass and zeros, which MuJoCo refuses

/** MuJoCo wants the inertia in the body's axes: I = R·I'·Rᵀ. */
function inertialMjcf(inertial: UrdfInertial): string {
  const T = placed(inertial.origin);
  const [xx, xy, xz, yy, yz, zz] = inertial.inertia;
  const I = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
  const full = (a: number, b: number): number => {
    let sum = 0;
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) sum += T[4 * a + r] * I[3 * r + c] * T[4 * b + c];
    return sum;
  };
  return xml("inertial", { pos: inertial.origin.xyz, mass: inertial.mass, fullinertia: [full(0, 0) + LEAST_INERTIA, full(1, 1) + LEAST_INERTIA, full(2, 2) + LEAST_INERTIA, full(0, 1), full(0, 2), full(1, 2)] });
}

function geoms(link: UrdfLink, arm: Arm): string[] {
  const solid = link.collisions.filter(isPrimitive);
  const seen = link.visuals.filter(isPrimitive);
  const pictured = seen.length > 0 && seen.length === link.visuals.length;
  if (solid.length === 0 && (link.collisions.length > 0 || (link.visuals.length > 0 && !pictured))) return capsuleGeoms(link.name, arm);
  const out = pictured ? seen.map((p) => xml("geom", { ...collisionBits.picture, ...partMjcf(p), rgba: p.colour ?? PLAIN, mass: 0 })) : [];
  for (const p of solid) out.push(xml("geom", { ...collisionBits.arm, ...partMjcf(p), rgba: pictured ? [0, 0, 0, 0] : (link.visuals[0]?.colour ?? PLAIN), mass: 0 }));
  return out;
}

function capsuleGeoms(link: string, arm: Arm): string[] {
  // A capsule's name is its link's, numbered where a link has several; it lies in the frame of its rigid group's first link.
  return arm.capsules
    .filter((c) => arm.linkNames[c.link] === link)
    .map((c) => {
      const ball = Math.hypot(c.p0[0] - c.p1[0], c.p0[1] - c.p1[1], c.p0[2] - c.p1[2]) < 1e-6;
      const shape = ball ? { type: "sphere", pos: c.p0, size: c.radius } : { type: "capsule", fromto: [...c.p0, ...c.p1], size: c.radius };
      return xml("geom", { ...collisionBits.arm, ...shape, rgba: PLAIN, mass: 0 });
    });
}

function isPrimitive(p: UrdfPart): boolean {
  return p.geometry.kind !== "mesh";
}

function partMjcf(p: UrdfPart): Record<string, Attribute> {
  const g = p.geometry, at = posQuat(placed(p.origin));
  switch (g.kind) {
    case "box":
      return { type: "box", size: g.size.map((x) => x / 2), ...at };
    case "sphere":
      return { type: "sphere", size: g.radius, ...at };
    case "cylinder":
    case "capsule":
      return { type: g.kind, size: [g.radius, g.length / 2], ...at };
    case "mesh":
      throw new RangeError("a mesh is no primitive");
    default:
      return g satisfies never;
  }
}

/** Excludes every pair of links but those whose rigid groups hold a pair of capsules that must stay apart. */
function exclusions(urdf: Urdf, arm: Arm): string[] {
  const links = [...urdf.links.keys()];
  const frames = links.map((link) => frameOf(urdf, arm, link));
  const apart = new Set<string>();
  for (let p = 0; p < arm.selfPairs.length; p += 2) {
    const a = arm.capsules[arm.selfPairs[p]].link, b = arm.capsules[arm.selfPairs[p + 1]].link;
    apart.add(`${Math.min(a, b)} ${Math.max(a, b)}`);
  }
  const out: string[] = [];
  for (let i = 0; i < links.length; i++)
    for (let j = i + 1; j < links.length; j++)
      if (!apart.has(`${Math.min(frames[i], frames[j])} ${Math.max(frames[i], frames[j])}`)) out.push(xml("exclude", { body1: LINK + links[i], body2: LINK + links[j] }));
  return out;
}

/** The arm's frame that a link moves with: 0 the base, i after joint i−1. */
function frameOf(urdf: Urdf, arm: Arm, link: string): number {
  const joint = wayUp(urdf, link).find((j) => arm.jointNames.includes(j.name));
  return joint ? arm.jointNames.indexOf(joint.name) + 1 : 0;
}

/** Where the root link stands when the base link is at the origin: the inverse of the fixed way from root to base. */
function basePose(urdf: Urdf, base: string): Float64Array {
  const T = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  for (let link = base; link !== urdf.root; ) {
    const joint = [...urdf.joints.values()].find((j) => j.child === link)!;
    mulTransform(T, 0, placed(joint.origin), 0, T, 0);
    link = joint.parent;
  }
  return invertTransform(T, 0, T, 0);
}

function placed(origin: UrdfOrigin): Float64Array {
  return transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy);
}

/** MuJoCo's quaternions are w, x, y, z. */
function posQuat(T: Float64Array): { pos: number[]; quat: number[] } {
  const q = quatFromTransform(new Float64Array(4), 0, T, 0);
  return { pos: [T[3], T[7], T[11]], quat: [q[3], q[0], q[1], q[2]] };
}
