import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import { Cell } from "./Cell.js";
import { clipToGrid } from "./clipToGrid.js";
import { meshTriangles } from "./meshTriangles.js";
import type { PlacedLink } from "../urdf/placeLinks.js";
import type { UrdfPart } from "../urdf/Urdf.js";

const RIM = 24; // corners of a cylinder's rim
const ACROSS = 10; // cells along the longest side of a mesh
const LEAST = 0.005; // m, side of a cell
const PRIMITIVE = { across: 6, least: 0.03 }; // of a box or a cylinder

/**
 * A part of a link as cells, in the frame of the arm that it moves with. Together the hulls of the cells contain it. A
 * mesh is cut into the cells of a grid, so that capsules can be fitted to some of them. A box and a cylinder (its rims
 * as polygons around them) are cut more coarsely: one capsule around a plate would be a ball. A sphere and a capsule
 * are one cell, and so is whatever moves within the frame (a gripper), at all its poses together. For a mesh that
 * cannot be read, returns the reason.
 */
export function cellsOfPart(
  part: UrdfPart,
  at: PlacedLink,
  readMesh?: (uri: string) => Uint8Array | undefined,
): Cell[] | string {
  const pose = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
  const { geometry: g } = part;
  if (g.kind !== "mesh") {
    const balls = moved(primitiveBalls(g), pose);
    if (at.poses.length > 1 || g.kind === "sphere" || g.kind === "capsule") return [new Cell(everywhere(balls, at))];
    return clipToGrid(
      everywhere(trianglesOf(g.kind === "box" ? BOX : DRUM, balls), at),
      PRIMITIVE.across,
      PRIMITIVE.least,
    ).map((points) => new Cell(points));
  }
  const bytes = readMesh?.(g.uri);
  if (bytes === undefined) return "is not found";
  const triangles = meshTriangles(bytes, g.uri);
  if (triangles === undefined) return "has an unsupported format (supported: STL, OBJ, DAE)";
  const balls = new Float64Array((triangles.length / 3) * 4);
  for (let i = 0, k = 0; i < triangles.length; i += 3, k += 4)
    for (let c = 0; c < 3; c++) balls[k + c] = triangles[i + c] * g.scale[c];
  moved(balls, pose);
  if (at.poses.length > 1) return [new Cell(everywhere(distinct(balls), at))];
  return clipToGrid(everywhere(balls, at), ACROSS, LEAST).map((points) => new Cell(points));
}

/**
 * Corners [n] of triangles: of a box, counted in binary by x, y, z; of a cylinder, whose rims go up and down by turns.
 */
const BOX = [
  0, 1, 3, 0, 3, 2, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 3, 7, 1, 7, 5,
];
const DRUM = Array.from({ length: RIM }, (_, k) => [2 * k, (2 * k + 2) % (2 * RIM)]).flatMap(([a, b]) => [
  a,
  b,
  b + 1,
  a,
  b + 1,
  a + 1,
  0,
  a,
  b,
  1,
  a + 1,
  b + 1,
]);

function trianglesOf(corners: readonly number[], balls: Float64Array): Float64Array {
  return Float64Array.from(corners.flatMap((c) => [...balls.subarray(4 * c, 4 * c + 4)]));
}

type Primitive = Exclude<UrdfPart["geometry"], { kind: "mesh" }>;

function primitiveBalls(g: Primitive): Float64Array {
  switch (g.kind) {
    case "box":
      return Float64Array.from(
        [-0.5, 0.5].flatMap((x) =>
          [-0.5, 0.5].flatMap((y) => [-0.5, 0.5].flatMap((z) => [x * g.size[0], y * g.size[1], z * g.size[2], 0])),
        ),
      );
    case "sphere":
      return Float64Array.of(0, 0, 0, g.radius);
    case "capsule":
      return Float64Array.of(0, 0, -g.length / 2, g.radius, 0, 0, g.length / 2, g.radius);
    case "cylinder": {
      const R = g.radius / Math.cos(Math.PI / RIM);
      return Float64Array.from(
        Array.from({ length: 2 * RIM }, (_, i) => {
          const angle = (2 * Math.PI * (i >> 1)) / RIM;
          return [R * Math.cos(angle), R * Math.sin(angle), (i & 1 ? 0.5 : -0.5) * g.length, 0];
        }).flat(),
      );
    }
  }
}

function moved(balls: Float64Array, pose: Float64Array): Float64Array {
  for (let i = 0; i < balls.length; i += 4) transformPoint(balls, i, pose, 0, balls, i);
  return balls;
}

/**
 * The balls at every pose of the link in its frame, enlarged by its largest deviation between two poses.
 */
function everywhere(balls: Float64Array, at: PlacedLink): Float64Array {
  const out = new Float64Array(balls.length * at.poses.length);
  let o = 0;
  for (const pose of at.poses)
    for (let i = 0; i < balls.length; i += 4, o += 4) {
      transformPoint(out, o, pose, 0, balls, i);
      out[o + 3] = balls[i + 3] + at.gap * (at.lever + Math.hypot(balls[i], balls[i + 1], balls[i + 2]));
    }
  return out;
}

/** Without repeats: a mesh names each vertex some six times, and a gripper has many poses. */
function distinct(balls: Float64Array): Float64Array {
  const unique = new Map<string, number>();
  for (let i = 0; i < balls.length; i += 4) unique.set(`${balls[i]} ${balls[i + 1]} ${balls[i + 2]}`, i);
  return Float64Array.from([...unique.values()].flatMap((i) => [...balls.subarray(i, i + 4)]));
}
