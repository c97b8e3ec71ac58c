import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import type { Shape, Vec3 } from "../../core/geometry/Shape.js";
import type { ShapeGuess, WorldShape } from "../Arm.js";
import type { ArmOptions } from "../ArmOptions.js";
import { boxesOfCells } from "../shapes/boxesOfCells.js";
import { numbering, partsOf, type CoveredCapsule } from "../shapes/capsulesFromUrdf.js";
import { cellsOfPart } from "../shapes/cellsOfPart.js";
import { hullSeparation } from "../shapes/hullSeparation.js";
import type { JointChain } from "../JointChain.js";
import { SupportTree } from "../shapes/SupportTree.js";
import type { Urdf, UrdfPart } from "./Urdf.js";

const NEAR = 0.02; // m
const TURN = 72; // checked postures of the first joint

/** A link that stands still in the base's frame, at a pose [12]. */
export interface StandingLink {
  readonly link: string;
  readonly pose: Float64Array;
}

/**
 * Links fixed to the base that are not part of the arm (a table that it stands on, a pedestal, a wall) as solid shapes:
 * exact for boxes, spheres and capsules; cylinders as bounding boxes, meshes as boxes about their pieces. A capsule of
 * the first joint's link that is (itself or its content) within 2 cm of a shape at every position of that joint cannot
 * be kept clear of it. It is listed in `spared`, and the start of the arm reports it.
 */
export function worldShapes(
  urdf: Urdf,
  standing: readonly StandingLink[],
  capsules: readonly CoveredCapsule[],
  chain: JointChain,
  guesses: ShapeGuess[],
  options: ArmOptions,
): readonly WorldShape[] {
  const found = standing.flatMap(({ link, pose }) =>
    partsOf(urdf, link).flatMap((part) =>
      shapesOf(part, link, pose, guesses, options).map((shape) => ({ link, shape })),
    ),
  );
  const ids = numbering(found.map(({ link }) => link));
  return found.map(({ link, shape }, i) => ({ id: ids[i], link, shape, spared: spared(shape, capsules, chain) }));
}

function shapesOf(
  part: UrdfPart,
  link: string,
  pose: Float64Array,
  guesses: ShapeGuess[],
  { readMesh, tell }: ArmOptions,
): Shape[] {
  const { geometry: g } = part,
    at = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
  mulTransform(at, 0, pose, 0, at, 0);
  const point = (x: number, y: number, z: number): Vec3 =>
    vec(transformPoint(new Float64Array(3), 0, at, 0, Float64Array.of(x, y, z), 0));
  const box = (center: Vec3, size: Vec3, T = at): Shape => ({
    kind: "box",
    center,
    size,
    orientation: [...quatFromTransform(new Float64Array(4), 0, T, 0)] as unknown as Extract<
      Shape,
      { kind: "box" }
    >["orientation"],
  });
  switch (g.kind) {
    case "box":
      return [box(point(0, 0, 0), g.size)];
    case "sphere":
      return [{ kind: "capsule", p0: point(0, 0, 0), p1: point(0, 0, 0), radius: g.radius }];
    case "capsule":
      return [{ kind: "capsule", p0: point(0, 0, -g.length / 2), p1: point(0, 0, g.length / 2), radius: g.radius }];
    case "cylinder":
      return [box(point(0, 0, 0), [2 * g.radius, 2 * g.radius, g.length])];
    case "mesh": {
      tell?.(`reading ${g.uri}`);
      const identity = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
      const cells = cellsOfPart(
        { ...part, origin: { xyz: [0, 0, 0], rpy: [0, 0, 0] } },
        { link, frame: 0, poses: [identity], gap: 0, lever: 0, other: false },
        readMesh,
      );
      if (typeof cells === "string")
        return (guesses.push({ link, file: g.uri, text: `${cells}: nothing is kept clear of it` }), []);
      return boxesOfCells(cells).map(({ lo, hi }) =>
        box(point((lo[0] + hi[0]) / 2, (lo[1] + hi[1]) / 2, (lo[2] + hi[2]) / 2), [
          hi[0] - lo[0],
          hi[1] - lo[1],
          hi[2] - lo[2],
        ]),
      );
    }
    default:
      return g satisfies never;
  }
}

/**
 * Capsules of frame 1 that are, themselves or their content, too near to a shape at every position of the first joint.
 */
function spared(shape: Shape, capsules: readonly CoveredCapsule[], chain: JointChain): number[] {
  const solid = new SupportTree(ballsOf(shape)),
    { lo, hi } = chain,
    w = new Float64Array(3);
  const poses = Array.from({ length: TURN }, (_, k) =>
    chain.pose(0, 1, Float64Array.of(lo[0] + ((hi[0] - lo[0]) * k) / (TURN - 1))),
  );
  const always = (hull: SupportTree, room: number): boolean =>
    poses.every((pose) => hullSeparation(solid, hull, pose, room, w, room) < room);
  return [...capsules.keys()].filter((c) => {
    const {
      link,
      pieces: { hull },
      p0,
      p1,
      radius,
    } = capsules[c];
    return (
      link === 1 &&
      (always(hull, NEAR) || always(new SupportTree(Float64Array.of(...p0, radius, ...p1, radius)), NEAR / 2))
    );
  });
}

function ballsOf(shape: Shape): Float64Array {
  if (shape.kind === "capsule") return Float64Array.of(...shape.p0, shape.radius, ...shape.p1, shape.radius);
  if (shape.kind === "halfSpace") throw new RangeError("no part of a URDF is a half-space");
  const {
    center: c,
    size,
    orientation: [x, y, z, w],
  } = shape;
  const R = [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
  return Float64Array.from(
    [-0.5, 0.5].flatMap((a) =>
      [-0.5, 0.5].flatMap((b) =>
        [-0.5, 0.5].flatMap((d) => [
          ...[0, 1, 2].map(
            (r) => c[r] + R[3 * r] * a * size[0] + R[3 * r + 1] * b * size[1] + R[3 * r + 2] * d * size[2],
          ),
          0,
        ]),
      ),
    ),
  );
}

const vec = (p: ArrayLike<number>): Vec3 => [p[0], p[1], p[2]];
