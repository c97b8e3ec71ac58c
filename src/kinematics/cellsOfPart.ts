import { transformFromRpy } from "../core/transformFromRpy.js";
import { transformPoint } from "../core/transformPoint.js";
import { Cell } from "./Cell.js";
import { clipToGrid } from "./clipToGrid.js";
import { meshTriangles } from "./meshTriangles.js";
import type { PlacedLink } from "./placeLinks.js";
import type { UrdfPart } from "./Urdf.js";

const RIM = 24; // corners that stand for a cylinder's rim
const ACROSS = 10; // cells along the longest side of a mesh
const LEAST = 0.005; // m, side of a cell

/**
 * A part of a link as cells, in the frame of the arm that it moves with: together their hulls contain it. A mesh is cut into the cells of a grid,
 * so that capsules can be fitted to some of them; a primitive is one cell (balls whose hull contains it: the corners of a box, the rims of a
 * cylinder as polygons drawn round them, a capsule's ends), and so is whatever moves within the frame (a gripper), which is seen at all its
 * poses. Of a mesh that cannot be read, why.
 */
export function cellsOfPart(part: UrdfPart, at: PlacedLink, readMesh?: (uri: string) => Uint8Array | undefined): Cell[] | string {
  const pose = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
  const { geometry: g } = part;
  if (g.kind !== "mesh") return [new Cell(everywhere(moved(primitiveBalls(g), pose), at))];
  const bytes = readMesh?.(g.uri);
  if (bytes === undefined) return "is not found";
  const triangles = meshTriangles(bytes, g.uri);
  if (triangles === undefined) return "is of a format that is not read (STL, OBJ and DAE are)";
  const balls = new Float64Array((triangles.length / 3) * 4);
  for (let i = 0, k = 0; i < triangles.length; i += 3, k += 4) for (let c = 0; c < 3; c++) balls[k + c] = triangles[i + c] * g.scale[c];
  moved(balls, pose);
  if (at.poses.length > 1) return [new Cell(everywhere(distinct(balls), at))];
  return clipToGrid(everywhere(balls, at), ACROSS, LEAST).map((points) => new Cell(points));
}

type Primitive = Exclude<UrdfPart["geometry"], { kind: "mesh" }>;

function primitiveBalls(g: Primitive): Float64Array {
  switch (g.kind) {
    case "box":
      return Float64Array.from([-0.5, 0.5].flatMap((x) => [-0.5, 0.5].flatMap((y) => [-0.5, 0.5].flatMap((z) => [x * g.size[0], y * g.size[1], z * g.size[2], 0]))));
    case "sphere":
      return Float64Array.of(0, 0, 0, g.radius);
    case "capsule":
      return Float64Array.of(0, 0, -g.length / 2, g.radius, 0, 0, g.length / 2, g.radius);
    case "cylinder": {
      const R = g.radius / Math.cos(Math.PI / RIM);
      return Float64Array.from(Array.from({ length: 2 * RIM }, (_, i) => {
        const angle = (2 * Math.PI * (i >> 1)) / RIM;
        return [R * Math.cos(angle), R * Math.sin(angle), (i & 1 ? 0.5 : -0.5) * g.length, 0];
      }).flat());
    }
  }
}

function moved(balls: Float64Array, pose: Float64Array): Float64Array {
  for (let i = 0; i < balls.length; i += 4) transformPoint(balls, i, pose, 0, balls, i);
  return balls;
}

/** The balls at every pose the link may have in its frame, grown by how far it can stray from them between two poses. */
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
