import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { Arm } from "../../kinematics/Arm.js";
import { padLever } from "../../kinematics/gripper/padLever.js";
import type { Urdf, UrdfJoint } from "../../kinematics/urdf/Urdf.js";
import {
  armBodies,
  fingers,
  isKnown,
  MASSLESS,
  wayUp,
  type ArmBody,
  type ArmJoint,
  type BodyInertial,
  type BodyPart,
} from "./armBodies.js";
import { collisionBits } from "./collisionBits.js";
import { xml, type Attribute } from "../export/xml.js";

/** The arm's part of a MuJoCo model. */
export interface ArmMjcf {
  readonly root: string; // name of its outermost body
  readonly assets: readonly string[]; // meshes
  readonly body: string; // the tree of links
  readonly exclude: readonly string[]; // pairs of links that may touch
  readonly actuators: readonly string[]; // one motor for each joint of the arm, in its order; then the fingers' servos
  readonly couplings: readonly string[]; // of fingers that mimic another's joint
}

/** Prefix of link names, so that a scene may use any names. */
export const LINK = "link:";

const THIN = 5e-4; // m
const GIVE = 0.004; // m, of the aperture, at which a finger's servo has its greatest force
const STIFF = { solref: [0.004, 1], solimp: [0.98, 0.999, 0.0001] };
const SLIDING = { kp: 2000, dampratio: 1, forcerange: [-60, 60] };
const TURNING = { kp: 20, dampratio: 1, forcerange: [-5, 5] };

/**
 * The arm's bodies as MuJoCo has them. Links collide but for those of one rigid group or hand, those that a joint
 * joins, and pairs in `touching`, which overlap by design (`linksThatTouch`): all from the URDF, so that ground truth
 * is independent of the agent's capsules. A link that has only these (`isKnown`) collides with others exactly where the
 * agent's pairs must stay apart.
 */
export function armMjcf(urdf: Urdf, arm: Arm, touching: ReadonlySet<string> = new Set()): ArmMjcf {
  const assets: string[] = [];
  return {
    root: LINK + urdf.root,
    body: linkMjcf(armBodies(urdf, arm), arm, assets),
    assets,
    exclude: exclusions(urdf, arm, touching),
    actuators: [
      ...arm.jointNames.map((name, i) =>
        xml("motor", { name, joint: name, ctrlrange: [-arm.limits.effort[i], arm.limits.effort[i]] }),
      ),
      ...fingers(urdf, arm).flatMap((j) => fingerServo(j, arm)),
    ],
    couplings: fingers(urdf, arm).flatMap((j) => (follows(j, arm) ? [coupling(j)] : [])),
  };
}

/** Whether a finger is coupled to one that the hand's controller drives. */
const follows = ({ mimic }: UrdfJoint, { gripper }: Arm): boolean =>
  mimic !== undefined && gripper?.jointNames.includes(mimic) === true;

/** The servo of a finger: of one that is driven, stiff, with the hand's force; of a coupled one, none. */
function fingerServo(j: UrdfJoint, arm: Arm): string[] {
  if (follows(j, arm)) return [];
  const { gripper } = arm,
    driven = gripper?.jointNames.indexOf(j.name) ?? -1;
  if (gripper === undefined || driven < 0)
    return [xml("position", { name: j.name, joint: j.name, ...(j.type === "prismatic" ? SLIDING : TURNING) })];
  const lever = padLever(gripper, gripper.apertures[0])[driven],
    most = (gripper.force / gripper.jointNames.length) * lever;
  const kp = (most * lever) / GIVE;
  return [xml("position", { name: j.name, joint: j.name, kp, dampratio: 1, forcerange: [-most, most] })];
}

/** q = multiplier · q(the joint it mimics) + offset, as a stiff constraint. */
const coupling = ({ name, mimic, multiplier = 1, offset = 0 }: UrdfJoint): string =>
  xml("joint", { joint1: name, joint2: mimic, polycoef: [offset, multiplier, 0, 0, 0], ...STIFF });

function linkMjcf({ link, pose, joint, inertial, parts, children }: ArmBody, arm: Arm, assets: string[]): string {
  const inner: string[] = [];
  if (joint) inner.push(jointMjcf(joint, arm));
  if (inertial) inner.push(inertialMjcf(inertial));
  inner.push(...parts.map((part) => partMjcf(part, assets)), ...children.map((child) => linkMjcf(child, arm, assets)));
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
    damping: index < 0 ? dampingOf(name, type, arm) : 0,
  });
}

/**
 * Of a finger, N·s/m or N·m·s: 1; of a driven one that turns less, so that at the hand's speed it takes a tenth of its
 * force: b = 0.1 τ q̇⁻¹.
 */
function dampingOf(name: string, type: ArmJoint["type"], { gripper }: Arm): number {
  const driven = gripper?.jointNames.indexOf(name) ?? -1;
  if (gripper === undefined || driven < 0 || type === "prismatic") return 1;
  const lever = padLever(gripper, gripper.apertures[0])[driven];
  return Math.min(1, (0.1 * (gripper.force / gripper.jointNames.length) * lever ** 2) / gripper.speed);
}

function inertialMjcf({ mass, centre, inertia }: BodyInertial): string {
  return xml("inertial", {
    pos: centre,
    mass,
    ...(inertia === MASSLESS.inertia ? { diaginertia: inertia.slice(0, 3) } : { fullinertia: inertia }),
  });
}

function partMjcf({ shape, use, colour: rgba }: BodyPart, assets: string[]): string {
  const bits = use === "see" ? collisionBits.picture : collisionBits.arm;
  return xml("geom", { ...bits, ...shapeMjcf(shape, assets), rgba, mass: 0 });
}

function shapeMjcf(shape: BodyPart["shape"], assets: string[]): Record<string, Attribute> {
  if (shape.kind === "capsule") {
    const { p0, p1, radius } = shape;
    const ball = Math.hypot(p0[0] - p1[0], p0[1] - p1[1], p0[2] - p1[2]) < 1e-6;
    return ball ? { type: "sphere", pos: p0, size: radius } : { type: "capsule", fromto: [...p0, ...p1], size: radius };
  }
  if (shape.kind === "mesh") throw new RangeError("MuJoCo gets meshes as points: want a URDF whose meshes were read");
  if (shape.kind === "hull") {
    const mesh = `hull:${assets.length}`;
    assets.push(xml("mesh", { name: mesh, inertia: "convex", vertex: thickened(shape.points) }));
    return { type: "mesh", mesh, ...posQuat(shape.pose) };
  }
  const { geometry: g, pose } = shape,
    at = posQuat(pose);
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

/**
 * A flat set of points has no hull: points [n,3] within 0.5 mm of the plane through three distant ones become cubes of
 * that size.
 */
function thickened(points: Float64Array): Float64Array {
  const at = (i: number): number[] => [points[3 * i], points[3 * i + 1], points[3 * i + 2]],
    from = (i: number, k: number): number[] => at(i).map((x, c) => x - at(k)[c]);
  const cross = (u: readonly number[], v: readonly number[]): number[] => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const farthest = (measure: (i: number) => number): number => {
    let best = 0;
    for (let i = 1; i < points.length / 3; i++) if (measure(i) > measure(best)) best = i;
    return best;
  };
  const a = farthest((i) => points[3 * i]),
    b = farthest((i) => Math.hypot(...from(i, a))),
    along = from(b, a);
  const c = farthest((i) => Math.hypot(...cross(from(i, a), along))),
    normal = cross(along, from(c, a)),
    length = Math.hypot(...normal);
  const off = (i: number): number => Math.abs(from(i, a).reduce((sum, x, k) => sum + x * normal[k], 0));
  if (length > THIN * Math.hypot(...along) && off(farthest(off)) > THIN * length) return points;
  const ends = [-THIN / 2, THIN / 2],
    out: number[] = [];
  for (let i = 0; i < points.length; i += 3)
    for (const x of ends)
      for (const y of ends) for (const z of ends) out.push(points[i] + x, points[i + 1] + y, points[i + 2] + z);
  return Float64Array.from(out);
}

/** One name for a pair of links, either way round. */
export function pairOf(a: string, b: string): string {
  return JSON.stringify(a < b ? [a, b] : [b, a]);
}

function exclusions(urdf: Urdf, arm: Arm, touching: ReadonlySet<string>): string[] {
  const links = [...urdf.links.keys()],
    frames = links.map((link) => frameOf(urdf, arm, link)),
    known = links.map((link) => isKnown(urdf.links.get(link)!));
  const foot = urdf.joints.get(arm.jointNames[0])!.parent,
    apart = new Set<string>();
  for (let p = 0; p < arm.selfPairs.length; p += 2)
    apart.add(
      [arm.selfPairs[p], arm.selfPairs[p + 1]]
        .map((c) => arm.capsules[c].link)
        .sort((x, y) => x - y)
        .join(),
    );
  const mayTouch = (i: number, j: number): boolean => {
    const [a, b] = frames[i] <= frames[j] ? [i, j] : [j, i],
      joints = frames[b] - frames[a];
    if (joints === 0 || touching.has(pairOf(links[a], links[b]))) return true;
    if (!known[a] || !known[b]) return !apart.has(`${frames[a]},${frames[b]}`);
    return joints === 1 && !(frames[a] === 0 && links[a] !== foot); // what stands beside the arm is joined by none
  };
  return links.flatMap((first, i) =>
    links
      .slice(i + 1)
      .flatMap((second, k) =>
        mayTouch(i, i + 1 + k) ? [xml("exclude", { body1: LINK + first, body2: LINK + second })] : [],
      ),
  );
}

/** The frame of the arm that a link moves with: 0 the base, i after joint i−1. */
function frameOf(urdf: Urdf, arm: Arm, link: string): number {
  const joint = wayUp(urdf, link).find((j) => arm.jointNames.includes(j.name));
  return joint ? arm.jointNames.indexOf(joint.name) + 1 : 0;
}

/** MuJoCo's quaternions are w, x, y, z. */
function posQuat(T: Float64Array): { pos: number[]; quat: number[] } {
  const q = quatFromTransform(new Float64Array(4), 0, T, 0);
  return { pos: [T[3], T[7], T[11]], quat: [q[3], q[0], q[1], q[2]] };
}
