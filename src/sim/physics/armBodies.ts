import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import { jointMotion, restValue } from "../../kinematics/urdf/placeLinks.js";
import type {
  Urdf,
  UrdfGeometry,
  UrdfInertial,
  UrdfJoint,
  UrdfLink,
  UrdfOrigin,
  UrdfPart,
} from "../../kinematics/urdf/Urdf.js";

/** One link of the plant, independent of the simulator. */
export interface ArmBody {
  readonly link: UrdfLink;
  readonly pose: Float64Array; // [12] in the parent's frame, or the world's for the root
  readonly joint?: ArmJoint; // absent: rigid with its parent
  readonly inertial?: BodyInertial;
  readonly parts: readonly BodyPart[];
  readonly children: readonly ArmBody[];
}

export interface ArmJoint extends UrdfJoint {
  readonly range: readonly [number, number] | undefined; // rad or m
  readonly index: number; // among the arm's joints; −1: one of a gripper's, held at rest
}

/** Mass and inertia [xx, yy, zz, xy, xz, yz] about the centre of mass, in the link's axes: I = R·I'·Rᵀ. */
export interface BodyInertial {
  readonly mass: number; // kg
  readonly centre: Vec3; // m
  readonly inertia: readonly number[]; // [6] kg·m²
}

/** A visual part, a collision part, or both. */
export interface BodyPart {
  readonly shape: PartShape;
  readonly use: "collide" | "see" | "both";
  readonly colour: readonly number[]; // r, g, b, a
}

export type PartShape =
  | { readonly kind: "urdf"; readonly geometry: Exclude<UrdfGeometry, { kind: "mesh" }>; readonly pose: Float64Array }
  | { readonly kind: "hull"; readonly points: Float64Array; readonly pose: Float64Array } // of a mesh's slice
  | { readonly kind: "mesh"; readonly file: string; readonly scale: Vec3; readonly pose: Float64Array }
  | { readonly kind: "capsule"; readonly p0: Vec3; readonly p1: Vec3; readonly radius: number };

const PLAIN = [0.75, 0.76, 0.78, 1];
const LEAST_INERTIA = 1e-7; // kg·m²; many URDFs give a mass and zeros, which simulators refuse
export const MASSLESS: BodyInertial = { mass: 0.001, centre: [0, 0, 0], inertia: [1e-6, 1e-6, 1e-6, 0, 0, 0] };

/**
 * A URDF as the tree of bodies that every simulator's model is written from, base link at the world's origin. What
 * collides is the URDF's own: collision primitives, and meshes whose points were read as the hulls of their slices, or
 * as the files that were found (visual ones of a link without); visual primitives are seen. A link with a mesh that was
 * not (`isKnown`) gets the arm's capsules, and whatever else is not seen has their looks. Joints that are neither the
 * arm's nor a gripper's stand still at their rest value.
 */
export function armBodies(urdf: Urdf, arm: Arm): ArmBody {
  const movable = new Set([...arm.jointNames.map((name) => urdf.joints.get(name)!), ...fingers(urdf, arm)]);
  return bodyOf(urdf, arm, movable, urdf.root, undefined, basePose(urdf, arm.base));
}

/** The joints that servos hold, each at its rest value. */
export function heldValues(urdf: Urdf, arm: Arm): { name: string; value: number }[] {
  return fingers(urdf, arm).map((j) => ({ name: j.name, value: restValue(j) }));
}

/**
 * Joints that move in the plant and are not the arm's: those of a gripper. Others on the way from base to tool stand
 * still at rest.
 */
export function fingers(urdf: Urdf, arm: Arm): UrdfJoint[] {
  const chain = new Set(wayUp(urdf, arm.tool));
  return [...urdf.joints.values()].filter((j) => isMovable(j) && !arm.jointNames.includes(j.name) && !chain.has(j));
}

/** The joints from a link up to the root. */
export function wayUp(urdf: Urdf, link: string): UrdfJoint[] {
  const above = [...urdf.joints.values()].find((j) => j.child === link);
  return above ? [above, ...wayUp(urdf, above.parent)] : [];
}

function isMovable(j: UrdfJoint): boolean {
  return j.type === "revolute" || j.type === "continuous" || j.type === "prismatic";
}

function bodyOf(
  urdf: Urdf,
  arm: Arm,
  movable: ReadonlySet<UrdfJoint>,
  name: string,
  joint: UrdfJoint | undefined,
  pose: Float64Array,
): ArmBody {
  const link = urdf.links.get(name)!;
  const moves = joint !== undefined && movable.has(joint);
  const children = [...urdf.joints.values()]
    .filter((j) => j.parent === name)
    .map((j) => {
      const at = placed(j.origin);
      if (!movable.has(j) && isMovable(j)) mulTransform(at, 0, at, 0, jointMotion(j, restValue(j)), 0);
      return bodyOf(urdf, arm, movable, j.child, j, at);
    });
  const massive = link.inertial && link.inertial.mass > 0 ? inertialOf(link.inertial) : undefined;
  return {
    link,
    pose,
    joint: moves ? { ...joint, range: rangeOf(joint), index: arm.jointNames.indexOf(joint.name) } : undefined,
    inertial: massive ?? (moves ? MASSLESS : undefined),
    parts: partsOf(link, arm),
    children,
  };
}

function rangeOf(j: UrdfJoint): readonly [number, number] | undefined {
  return j.type === "continuous" || !j.limit || !(j.limit.upper > j.limit.lower)
    ? undefined
    : [j.limit.lower, j.limit.upper];
}

function inertialOf(inertial: UrdfInertial): BodyInertial {
  const T = placed(inertial.origin);
  const [xx, xy, xz, yy, yz, zz] = inertial.inertia;
  const I = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
  const full = (a: number, b: number): number => {
    let sum = 0;
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) sum += T[4 * a + r] * I[3 * r + c] * T[4 * b + c];
    return sum;
  };
  return {
    mass: inertial.mass,
    centre: inertial.origin.xyz,
    inertia: [
      full(0, 0) + LEAST_INERTIA,
      full(1, 1) + LEAST_INERTIA,
      full(2, 2) + LEAST_INERTIA,
      full(0, 1),
      full(0, 2),
      full(1, 2),
    ],
  };
}

/** Whether all collision parts of a link are known: primitives, and meshes that were read or found. */
export function isKnown(link: UrdfLink): boolean {
  return solidsOf(link).every(({ geometry: g }) => g.kind !== "mesh" || g.slices !== undefined || g.file !== undefined);
}

function solidsOf(link: UrdfLink): readonly UrdfPart[] {
  return link.collisions.length > 0 ? link.collisions : link.visuals;
}

function partsOf(link: UrdfLink, arm: Arm): BodyPart[] {
  const solid = solidsOf(link),
    primitives = solid.filter(isPrimitive),
    seen = link.visuals.filter(isPrimitive),
    known = isKnown(link);
  const pictured = seen.length > 0 && seen.length === link.visuals.length,
    hidden = [0, 0, 0, 0];
  const pictures: BodyPart[] = pictured
    ? seen.map((p) => ({ shape: shapeOf(p), use: "see", colour: p.colour ?? PLAIN }))
    : [];
  const bodies = primitives.map((p): BodyPart => ({
    shape: shapeOf(p),
    use: pictured ? "collide" : "both",
    colour: pictured ? hidden : (link.visuals[0]?.colour ?? PLAIN),
  }));
  const meshes = solid.flatMap(({ geometry: g, origin }) =>
    known && g.kind === "mesh"
      ? meshShapes(g, placed(origin)).map((shape): BodyPart => ({ shape, use: "collide", colour: hidden }))
      : [],
  );
  if (primitives.length === solid.length) return [...pictures, ...bodies];
  // A capsule's name is its link's, numbered where a link has several; it lies in the frame of its rigid group's first
  // link.
  const own = arm.capsules.filter((c) => arm.linkNames[c.link] === link.name);
  const capsules = own.map(({ p0, p1, radius }): BodyPart => ({
    shape: { kind: "capsule", p0, p1, radius },
    use: known ? "see" : "both",
    colour: PLAIN,
  }));
  return [...(known && pictured ? pictures : capsules), ...bodies, ...meshes];
}

function meshShapes({ slices, file, scale }: Extract<UrdfGeometry, { kind: "mesh" }>, pose: Float64Array): PartShape[] {
  return slices === undefined
    ? [{ kind: "mesh", file: file!, scale, pose }]
    : slices.map((points) => ({ kind: "hull", points: points.map((x, i) => x * scale[i % 3]), pose }));
}

type PrimitivePart = UrdfPart & { readonly geometry: Exclude<UrdfGeometry, { kind: "mesh" }> };

function isPrimitive(p: UrdfPart): p is PrimitivePart {
  return p.geometry.kind !== "mesh";
}

function shapeOf({ geometry, origin }: PrimitivePart): PartShape {
  return { kind: "urdf", geometry, pose: placed(origin) };
}

/** Where the root link stands when the base link is at the origin: the inverse of the fixed way from root to base. */
function basePose(urdf: Urdf, base: string): Float64Array {
  const T = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  for (let link = base; link !== urdf.root;) {
    const joint = [...urdf.joints.values()].find((j) => j.child === link)!;
    mulTransform(T, 0, placed(joint.origin), 0, T, 0);
    link = joint.parent;
  }
  return invertTransform(T, 0, T, 0);
}

function placed(origin: UrdfOrigin): Float64Array {
  return transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy);
}
