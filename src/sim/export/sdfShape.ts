import type { Geometry } from "../../config/geometry.js";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { PartShape } from "../physics/armBodies.js";
import { leaf, xml } from "./xml.js";

/** A shape in SDF: its geometry element, and the pose of it. */
export interface SdfShape {
  readonly geometry: string;
  readonly position: Vec3;
  readonly orientation: Quat; // x, y, z, w
}

const UPRIGHT: Quat = [0, 0, 0, 1];
const WIDE = [20, 20]; // m: size of the drawn part of a plane

/** A pose in SDF's quaternion form, whose order is x, y, z, w. */
export function sdfPose(position: Vec3, orientation: Quat = UPRIGHT, frame?: string): string {
  return leaf("pose", [...position, ...orientation], { relative_to: frame, rotation_format: "quat_xyzw" });
}

/** Position and orientation of a transform [12]. */
export function poseOf(T: Float64Array): { position: Vec3; orientation: Quat } {
  const q = quatFromTransform(new Float64Array(4), 0, T, 0);
  return { position: [T[3], T[7], T[11]], orientation: [q[0], q[1], q[2], q[3]] };
}

/** A shape of a scene, in the frame in which the scene gives it. */
export function sceneShape(s: Geometry): SdfShape {
  switch (s.kind) {
    case "box":
      return { geometry: box(s.config.size), position: s.config.center, orientation: s.config.orientation };
    case "sphere":
      return { geometry: sphere(s.config.radius), position: s.config.center, orientation: UPRIGHT };
    case "capsule":
      return capsuleBetween(s.config.p0, s.config.p1, s.config.radius);
    case "cylinder":
      return {
        geometry: round("cylinder", s.config.radius, s.config.height),
        position: s.config.center,
        orientation: s.config.orientation,
      };
    case "half_space": {
      const { normal, offset } = s.config;
      return {
        geometry: plane(normal),
        position: [normal[0] * offset, normal[1] * offset, normal[2] * offset],
        orientation: UPRIGHT,
      };
    }
    default:
      return s satisfies never;
  }
}

/** A part of the arm, in its link's frame. */
export function partShape(shape: PartShape): SdfShape {
  if (shape.kind === "capsule") return capsuleBetween(shape.p0, shape.p1, shape.radius);
  if (shape.kind === "mesh")
    return {
      geometry: xml("geometry", {}, [
        xml("mesh", {}, [leaf("uri", `file://${shape.file}`), leaf("scale", shape.scale)]),
      ]),
      ...poseOf(shape.pose),
    };
  if (shape.kind === "hull") throw new RangeError("SDF has no hulls of points: want a URDF whose meshes were not read");
  const { geometry: g } = shape,
    at = poseOf(shape.pose);
  switch (g.kind) {
    case "box":
      return { geometry: box(g.size), ...at };
    case "sphere":
      return { geometry: sphere(g.radius), ...at };
    case "cylinder":
    case "capsule":
      return { geometry: round(g.kind, g.radius, g.length), ...at };
    default:
      return g satisfies never;
  }
}

/** A capsule between two points. Without length it is a sphere. */
export function capsuleBetween(p0: Vec3, p1: Vec3, radius: number): SdfShape {
  const d = [p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]],
    length = Math.hypot(...d);
  const position: Vec3 = [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
  if (length < 1e-6) return { geometry: sphere(radius), position, orientation: UPRIGHT };
  // The shortest rotation from z to d: q = (z × d, 1 + z·d), normalised. If d = −z, it is any half turn about an axis
  // perpendicular to z.
  const [x, y, z] = d.map((c) => c / length);
  const n = Math.hypot(-y, x, 1 + z);
  return {
    geometry: round("capsule", radius, length),
    position,
    orientation: n < 1e-9 ? [1, 0, 0, 0] : [-y / n, x / n, 0, (1 + z) / n],
  };
}

export function plane(normal: Vec3): string {
  return xml("geometry", {}, [xml("plane", {}, [leaf("normal", normal), leaf("size", WIDE)])]);
}

function box(size: Vec3): string {
  return xml("geometry", {}, [xml("box", {}, [leaf("size", size)])]);
}

function sphere(radius: number): string {
  return xml("geometry", {}, [xml("sphere", {}, [leaf("radius", radius)])]);
}

function round(kind: "cylinder" | "capsule", radius: number, length: number): string {
  return xml("geometry", {}, [xml(kind, {}, [leaf("radius", radius), leaf("length", length)])]);
}
