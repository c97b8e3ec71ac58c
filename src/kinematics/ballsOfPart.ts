import { transformFromRpy } from "../core/transformFromRpy.js";
import { transformPoint } from "../core/transformPoint.js";
import type { UrdfPart } from "./Urdf.js";
import { meshPoints } from "./meshPoints.js";

const RIM = 24; // corners that stand for a cylinder's rim

/**
 * Balls [n,4] (centre in the link's frame, radius, m) whose convex hull contains a part: the corners of a box, the rims of a cylinder as
 * polygons drawn round them, a capsule's ends, a mesh's vertices. Undefined for a mesh that cannot be read.
 */
export function ballsOfPart(part: UrdfPart, readMesh?: (uri: string) => Uint8Array | undefined): Float64Array | undefined {
  const local = localBalls(part, readMesh);
  if (local === undefined) return undefined;
  const pose = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
  for (let i = 0; i < local.length; i += 4) transformPoint(local, i, pose, 0, local, i);
  return local;
}

function localBalls({ geometry: g }: UrdfPart, readMesh?: (uri: string) => Uint8Array | undefined): Float64Array | undefined {
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
    case "mesh": {
      const bytes = readMesh?.(g.uri);
      const points = bytes && meshPoints(bytes, g.uri);
      if (points === undefined) return undefined;
      const balls = new Float64Array((points.length / 3) * 4);
      for (let i = 0, k = 0; i < points.length; i += 3, k += 4) for (let c = 0; c < 3; c++) balls[k + c] = points[i + c] * g.scale[c];
      return balls;
    }
  }
}
