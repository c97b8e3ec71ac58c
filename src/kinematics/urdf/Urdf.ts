import type { Vec3 } from "../../core/geometry/Shape.js";

/** A URDF as plain data, names and numbers checked, the links one tree. Source: http://wiki.ros.org/urdf/XML. */
export interface Urdf {
  readonly name: string;
  readonly root: string; // the link that is not the child of a joint
  readonly links: ReadonlyMap<string, UrdfLink>;
  readonly joints: ReadonlyMap<string, UrdfJoint>; // in the file's order
}

export interface UrdfOrigin {
  readonly xyz: Vec3; // m
  readonly rpy: Vec3; // rad, about fixed axes
}

export interface UrdfLink {
  readonly name: string;
  readonly inertial?: UrdfInertial;
  readonly visuals: readonly UrdfPart[];
  readonly collisions: readonly UrdfPart[];
}

export interface UrdfInertial {
  readonly origin: UrdfOrigin; // centre of mass and principal frame
  readonly mass: number; // kg
  readonly inertia: readonly [number, number, number, number, number, number]; // xx xy xz yy yz zz, kg·m²
}

export interface UrdfPart {
  readonly origin: UrdfOrigin;
  readonly geometry: UrdfGeometry;
  readonly colour?: readonly [number, number, number, number]; // r, g, b, a in [0,1]
}

export type UrdfGeometry =
  | { readonly kind: "box"; readonly size: Vec3 }
  | { readonly kind: "sphere"; readonly radius: number }
  // along z, centred; a capsule's caps come on top
  | { readonly kind: "cylinder" | "capsule"; readonly radius: number; readonly length: number }
  | {
      readonly kind: "mesh";
      readonly uri: string;
      readonly scale: Vec3;
      readonly slices?: readonly Float64Array[];
      readonly file?: string;
    }; // [n,3] each, the file's units, unscaled: `withMeshPoints`; where it lies: `withMeshFiles`

export const urdfJointTypes = ["revolute", "continuous", "prismatic", "fixed", "floating", "planar"] as const;

export interface UrdfJoint {
  readonly name: string;
  readonly type: (typeof urdfJointTypes)[number];
  readonly parent: string; // links
  readonly child: string;
  readonly origin: UrdfOrigin; // in the parent link
  readonly axis: Vec3; // unit, in the joint's frame
  readonly limit?: UrdfLimit;
  readonly mimic?: string; // the joint it follows: q = multiplier · q(that joint) + offset
  readonly multiplier?: number; // absent: 1
  readonly offset?: number; // rad or m; absent: 0
}

export interface UrdfLimit {
  readonly lower: number; // rad or m
  readonly upper: number;
  readonly velocity: number; // rad/s or m/s
  readonly effort: number; // N·m or N
}
