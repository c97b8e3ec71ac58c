import { hullCorners } from "./hullPlanes.js";
import { meshTriangles } from "./meshTriangles.js";
import type { Urdf, UrdfGeometry, UrdfPart } from "../urdf/Urdf.js";

// at most, across the longest side: the hull of a whole link with housings at both ends holds much that is free (38 mm
// of a UR5's upper arm)
const SLICES = 16;
// m, of a file in m (of others there are sixteen): small parts have fewer, as every hull costs a reset about a
// millisecond
const THICK = 0.012;
// points: of more, those that reach farthest along so many directions, 0.4 mm per m of a hull's radius within it
const MANY = 100;
const DIRECTIONS = 4000;

/**
 * A URDF whose readable meshes carry their points in slices, to build bodies without the files.
 * @throws UrdfError of a damaged mesh
 */
export function withMeshPoints(urdf: Urdf, readMesh: (uri: string) => Uint8Array | undefined): Urdf {
  const known = new Map<string, readonly Float64Array[] | undefined>();
  const slicesOf = (uri: string): readonly Float64Array[] | undefined => {
    if (known.has(uri)) return known.get(uri);
    const bytes = readMesh(uri),
      found = bytes && meshSlices(bytes, uri);
    known.set(uri, found);
    return found;
  };
  return withMeshes(urdf, (uri) => ({ slices: slicesOf(uri) }));
}

/**
 * A URDF whose meshes carry their paths, if they are found and of a supported format, for simulators that read them
 * themselves.
 */
export function withMeshFiles(urdf: Urdf, find: (uri: string) => string | undefined): Urdf {
  return withMeshes(urdf, (uri) => ({ file: /\.(stl|obj|dae)$/i.test(uri) ? find(uri) : undefined }));
}

function withMeshes(
  urdf: Urdf,
  known: (uri: string) => Pick<Extract<UrdfGeometry, { kind: "mesh" }>, "slices" | "file">,
): Urdf {
  const filled = (parts: readonly UrdfPart[]): readonly UrdfPart[] =>
    parts.map((part) =>
      part.geometry.kind === "mesh" ? { ...part, geometry: { ...part.geometry, ...known(part.geometry.uri) } } : part,
    );
  const links = [...urdf.links].map(
    ([name, link]) =>
      [
        name,
        link.collisions.length > 0
          ? { ...link, collisions: filled(link.collisions) }
          : { ...link, visuals: filled(link.visuals) },
      ] as const,
  );
  return { ...urdf, links: new Map(links) };
}

/** The corners of a mesh file's slices, in its own units; undefined for a format that is not read. */
export function meshSlices(bytes: Uint8Array, uri: string): Float64Array[] | undefined {
  const triangles = meshTriangles(bytes, uri);
  return triangles && slices(triangles);
}

/**
 * Triangles [n,3,3] cut across their longest side: of each slice that is not empty the corners [m,3], of very many the
 * outermost.
 */
function slices(triangles: Float64Array): Float64Array[] {
  const lo = [Infinity, Infinity, Infinity],
    hi = [-Infinity, -Infinity, -Infinity];
  triangles.forEach((x, i) => ((lo[i % 3] = Math.min(lo[i % 3], x)), (hi[i % 3] = Math.max(hi[i % 3], x))));
  const sides = hi.map((h, c) => h - lo[c]),
    axis = sides.indexOf(Math.max(...sides)),
    count = Math.max(1, Math.min(SLICES, Math.ceil(sides[axis] / THICK))),
    thick = sides[axis] / count || 1;
  const found = Array.from({ length: count }, () => new Map<string, readonly number[]>());
  for (let t = 0; t < triangles.length; t += 9) {
    const corners = [0, 3, 6].map((o) => [...triangles.subarray(t + o, t + o + 3)]),
      x = corners.map((p) => (p[axis] - lo[axis]) / thick);
    for (let s = Math.max(0, Math.floor(Math.min(...x))); s < count && s <= Math.max(...x); s++)
      for (const p of beyond(beyond(corners, axis, lo[axis] + s * thick, 1), axis, lo[axis] + (s + 1) * thick, -1))
        found[s].set(p.join(), p);
  }
  return found
    .filter((f) => f.size > 0)
    .map((f) =>
      f.size > MANY
        ? hullCorners(Float64Array.from([...f.values()].flatMap((p) => [...p, 0])), DIRECTIONS)
        : Float64Array.from([...f.values()].flat()),
    );
}

/** The part of a convex polygon above (side 1) or below (−1) the plane x[axis] = at. */
function beyond(
  polygon: readonly (readonly number[])[],
  axis: number,
  at: number,
  side: 1 | -1,
): (readonly number[])[] {
  return polygon.flatMap((a, i) => {
    const b = polygon[(i + 1) % polygon.length],
      da = side * (a[axis] - at),
      db = side * (b[axis] - at);
    return [...(da >= 0 ? [a] : []), ...(da * db < 0 ? [a.map((x, c) => x + (da / (da - db)) * (b[c] - x))] : [])];
  });
}
