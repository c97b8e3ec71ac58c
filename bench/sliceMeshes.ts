import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadRobotConfig, packageRoot } from "../src/config/index.js";
import { partsOf } from "../src/kinematics/shapes/capsulesFromUrdf.js";
import { hullCorners, hullFaces } from "../src/kinematics/shapes/hullPlanes.js";
import { parseUrdf } from "../src/kinematics/urdf/parseUrdf.js";
import { meshSlices } from "../src/kinematics/shapes/withMeshPoints.js";
import { FOREIGN, installPackages } from "./pythonPackages.js";

/**
 * `node dist/bench/sliceMeshes.js`: puts the meshes that collide of the shipped arms by others beside their URDFs, from
 * the package that the URDFs are from. A file of more than 100 kB as the closed hulls of the slices that the simulator
 * would make of it, which is what it makes of these again; smaller ones unchanged.
 */
const SMALL = 100_000; // bytes
// of the corners that a slice's hull keeps: some 0.3 mm within the whole hull of a slice of 15 mm
const DIRECTIONS = 60;

await installPackages(FOREIGN, (text) => void process.stderr.write(`${text}\n`));
const share = join(FOREIGN.folder, "cmeel.prefix", "share"),
  robots = join(packageRoot(), "config", "robots");
for (const name of ["ur5", "so101"]) {
  const urdf = parseUrdf(readFileSync(loadRobotConfig(name).urdf!, "utf8"));
  const uris = new Set(
    [...urdf.links.keys()].flatMap((link) =>
      partsOf(urdf, link).flatMap(({ geometry: g }) => (g.kind === "mesh" ? [g.uri] : [])),
    ),
  );
  for (const uri of uris) {
    const path = uri.replace("package://", ""),
      from = join(share, path),
      to = join(robots, path),
      bytes = readFileSync(from);
    mkdirSync(dirname(to), { recursive: true });
    if (bytes.length <= SMALL) copyFileSync(from, to);
    else writeFileSync(to, stl(meshSlices(bytes, uri)!.flatMap(faces)));
  }
}

/** Triangles [9] of the hull of a slice's corners [n,3]. */
function faces(points: Float64Array): number[][] {
  const few = hullCorners(
    Float64Array.from({ length: (points.length / 3) * 4 }, (_, i) =>
      i % 4 === 3 ? 0 : points[3 * (i >> 2) + (i % 4)],
    ),
    DIRECTIONS,
  );
  const out = hullFaces(few).map(({ of: [a, b, c], n }) => {
    const at = (i: number): number[] => [...few.subarray(3 * i, 3 * i + 3)],
      [p, q, r] = [at(a), at(b), at(c)];
    const u = q.map((x, k) => x - p[k]),
      v = r.map((x, k) => x - p[k]),
      up = n[0] * (u[1] * v[2] - u[2] * v[1]) + n[1] * (u[2] * v[0] - u[0] * v[2]) + n[2] * (u[0] * v[1] - u[1] * v[0]);
    return up > 0 ? [...p, ...q, ...r] : [...p, ...r, ...q];
  });
  return out.length > 0 ? out : [[...points.subarray(0, 9)]];
}

function stl(triangles: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(84 + 50 * triangles.length),
    view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("Hulls of slices of a mesh by its makers: see NOTICE.md"));
  view.setUint32(80, triangles.length, true);
  triangles.forEach((t, i) => t.forEach((x, k) => view.setFloat32(84 + 50 * i + 12 + 4 * k, x, true)));
  return bytes;
}
