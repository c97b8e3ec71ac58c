import { quatFromTransform } from "../core/quatFromTransform.js";
import type { Arm } from "../kinematics/Arm.js";
import type { Urdf } from "../kinematics/Urdf.js";
import { armBodies, fingers, MASSLESS, wayUp, type ArmBody, type ArmJoint, type BodyInertial, type BodyPart } from "./armBodies.js";
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

const SLIDING = { kp: 2000, dampratio: 1, forcerange: [-60, 60] };
const TURNING = { kp: 20, dampratio: 1, forcerange: [-5, 5] };

/**
 * The arm's bodies as MuJoCo has them. Links collide with each other just where the arm's `selfPairs` say that they must stay apart: ground truth and
 * guardrails speak of the same pairs.
 */
export function armMjcf(urdf: Urdf, arm: Arm): ArmMjcf {
  return {
    root: LINK + urdf.root,
    body: linkMjcf(armBodies(urdf, arm), arm),
    exclude: exclusions(urdf, arm),
    actuators: [
      ...arm.jointNames.map((name, i) => xml("motor", { name, joint: name, ctrlrange: [-arm.limits.effort[i], arm.limits.effort[i]] })),
      ...fingers(urdf, arm).map((j) => xml("position", { name: j.name, joint: j.name, ...(j.type === "prismatic" ? SLIDING : TURNING) })),
    ],
  };
}

function linkMjcf({ link, pose, joint, inertial, parts, children }: ArmBody, arm: Arm): string {
  const inner: string[] = [];
  if (joint) inner.push(jointMjcf(joint, arm));
  if (inertial) inner.push(inertialMjcf(inertial));
  inner.push(...parts.map(partMjcf), ...children.map((child) => linkMjcf(child, arm)));
  return xml("body", { name: LINK + link.name, ...posQuat(pose) }, inner);
}

function jointMjcf({ name, type, axis, range, index }: ArmJoint, arm: Arm): string {
  return xml("joint", {
    name,
    type: type === "prismatic" ? "slide" : "hinge",
    axis,
    range,
    // Rotor and gear: grows with the motor. Known to the controller, as it is on a real arm.
    armature: index < 0 ? 0.01 : 0.0004 * Math.min(arm.limits.effort[index], 500),
    damping: index < 0 ? 1 : 0,
  });
}

function inertialMjcf({ mass, centre, inertia }: BodyInertial): string {
  return xml("inertial", { pos: centre, mass, ...(inertia === MASSLESS.inertia ? { diaginertia: inertia.slice(0, 3) } : { fullinertia: inertia }) });
}

function partMjcf({ shape, use, colour: rgba }: BodyPart): string {
  const bits = use === "see" ? collisionBits.picture : collisionBits.arm;
  return xml("geom", { ...bits, ...shapeMjcf(shape), rgba, mass: 0 });
}

function shapeMjcf(shape: BodyPart["shape"]): Record<string, Attribute> {
  if (shape.kind === "capsule") {
    const { p0, p1, radius } = shape;
    const ball = Math.hypot(p0[0] - p1[0], p0[1] - p1[1], p0[2] - p1[2]) < 1e-6;
    return ball ? { type: "sphere", pos: p0, size: radius } : { type: "capsule", fromto: [...p0, ...p1], size: radius };
  }
  const { geometry: g, pose } = shape, at = posQuat(pose);
  switch (g.kind) {
    case "box":
      return { type: "box", size: g.size.map((x) => x / 2), ...at };
    case "sphere":
      return { type: "sphere", size: g.radius, ...at };
    case "cylinder":
    case "capsule":
      return { type: g.kind, size: [g.radius, g.length / 2], ...at };
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

/** MuJoCo's quaternions are w, x, y, z. */
function posQuat(T: Float64Array): { pos: number[]; quat: number[] } {
  const q = quatFromTransform(new Float64Array(4), 0, T, 0);
  return { pos: [T[3], T[7], T[11]], quat: [q[3], q[0], q[1], q[2]] };
}
