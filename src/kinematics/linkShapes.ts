import type { Arm } from "./Arm.js";
import type { ArmOptions } from "./ArmOptions.js";
import { partsOf } from "./capsulesFromUrdf.js";
import { Cell } from "./Cell.js";
import { cellsOfPart } from "./cellsOfPart.js";
import { findChain } from "./findChain.js";
import { halton } from "./halton.js";
import { hullCorners, hullPlanes, withinPlanes } from "./hullPlanes.js";
import { placeLinks } from "./placeLinks.js";
import { standingLinks } from "./standingLinks.js";
import type { Urdf, UrdfPart } from "./Urdf.js";

const POINTS = 40_000;

/** What moves with one frame of an arm: its links' own geometry, and the capsules about it. */
export interface LinkShape {
  readonly frame: number; // 0 the base's
  readonly link: string; // that the frame is named for
  readonly links: readonly string[]; // all that move with it and have a shape
  readonly sources: readonly string[]; // "box", "mesh FILE" …
  readonly unread: boolean; // a mesh of them is not there: no volumes
  readonly capsules: readonly number[]; // of the arm's
  readonly own: number; // m³, of the union of the hulls of the links' parts (a hand's: seen over its joints' range)
  readonly held: number; // m³, of the union of the capsules
  readonly out: number; // m, how far a corner of the links' own is out of all capsules; ≤ 0 where they hold all
}

/** Every frame with its shapes. The volumes are counted in 40 000 points of Halton's sequence in a box about all: to within 1 or 2 %; 0 where there is nothing. */
export function linkShapes(urdf: Urdf, arm: Arm, options: ArmOptions): LinkShape[] {
  const moving = arm.jointNames.map((name) => urdf.joints.get(name)!), chain = findChain(urdf, arm.base, arm.tool);
  const placed = placeLinks(urdf, arm.base, moving, new Set(chain.filter((j) => !moving.includes(j))));
  const { standing } = standingLinks(urdf, arm.base, placed, moving[0].parent, new Set(options.capsules?.map((c) => c.link)));
  const apart = new Set(standing.map((s) => s.link));
  return arm.linkNames.map((link, frame) => {
    const own = placed.filter((p) => p.frame === frame && !p.other && !apart.has(p.link) && partsOf(urdf, p.link).length > 0);
    const parts = own.flatMap((at) => partsOf(urdf, at.link).map((part) => ({ part, cells: cellsOfPart(part, at, options.readMesh) })));
    const hulls = parts.flatMap(({ cells }) => (typeof cells === "string" ? [] : [hullOf(hullCorners(Cell.balls(cells)))]));
    const unread = parts.some(({ cells }) => typeof cells === "string");
    const capsules = [...arm.capsules.keys()].filter((c) => arm.capsules[c].link === frame);
    return { frame, link, links: own.map((p) => p.link), sources: [...new Set(parts.map(({ part, cells }) => sourceOf(part) + (typeof cells === "string" ? `, which ${cells}` : "")))], unread, capsules, ...volumes(unread ? [] : hulls, capsules.map((c) => arm.capsules[c])), out: farthestOut(parts.flatMap(({ cells }) => (typeof cells === "string" ? [] : cells)), capsules.map((c) => arm.capsules[c])) };
  });
}

function sourceOf({ geometry: g }: UrdfPart): string {
  return g.kind === "mesh" ? `mesh ${g.uri}` : g.kind;
}

interface Hull {
  readonly corners: readonly (readonly number[])[];
  readonly planes: Float64Array;
}

function hullOf(points: Float64Array): Hull {
  return { corners: Array.from({ length: points.length / 3 }, (_, i) => [...points.subarray(3 * i, 3 * i + 3)]), planes: hullPlanes(points) };
}

function volumes(hulls: readonly Hull[], capsules: Arm["capsules"]): Pick<LinkShape, "own" | "held"> {
  const ends = capsules.flatMap(({ p0, p1, radius }) => [p0, p1].flatMap((p) => [-1, 1].map((s) => p.map((x) => x + s * radius))));
  const corners = [...ends, ...hulls.flatMap((h) => h.corners)];
  if (corners.length === 0) return { own: 0, held: 0 };
  const lo = [0, 1, 2].map((c) => Math.min(...corners.map((p) => p[c]))), hi = [0, 1, 2].map((c) => Math.max(...corners.map((p) => p[c])));
  let own = 0, held = 0;
  for (let i = 1; i <= POINTS; i++) {
    const x = lo[0] + (hi[0] - lo[0]) * halton(i, 2), y = lo[1] + (hi[1] - lo[1]) * halton(i, 3), z = lo[2] + (hi[2] - lo[2]) * halton(i, 5);
    if (hulls.some((h) => withinPlanes(h.planes, x, y, z))) own++;
    if (capsules.some((c) => squared(c, x, y, z) <= c.radius ** 2)) held++;
  }
  const each = ((hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2])) / POINTS;
  return { own: own * each, held: held * each };
}

function farthestOut(cells: readonly Cell[], capsules: Arm["capsules"]): number {
  let out = -Infinity;
  for (const { balls } of cells)
    for (let i = 0; i < balls.length; i += 4) out = Math.max(out, balls[i + 3] + Math.min(...capsules.map((c) => Math.sqrt(squared(c, balls[i], balls[i + 1], balls[i + 2])) - c.radius)));
  return out;
}

function squared({ p0, p1 }: Arm["capsules"][number], x: number, y: number, z: number): number {
  const u = p1[0] - p0[0], v = p1[1] - p0[1], w = p1[2] - p0[2], a = x - p0[0], b = y - p0[1], c = z - p0[2], uu = u * u + v * v + w * w;
  const t = uu > 0 ? Math.min(1, Math.max(0, (a * u + b * v + c * w) / uu)) : 0;
  return (a - t * u) ** 2 + (b - t * v) ** 2 + (c - t * w) ** 2;
}
