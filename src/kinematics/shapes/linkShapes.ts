import type { Arm } from "../Arm.js";
import type { ArmOptions } from "../ArmOptions.js";
import { partsOf } from "./capsulesFromUrdf.js";
import type { Cell } from "./Cell.js";
import { cellsOfPart } from "./cellsOfPart.js";
import { findChain } from "../urdf/findChain.js";
import { axisDistance, hullOf, volumesOf } from "./volumesOf.js";
import { handSweep } from "../gripper/handSweep.js";
import { placeLinks } from "../urdf/placeLinks.js";
import { standingLinks } from "../urdf/standingLinks.js";
import type { Urdf, UrdfPart } from "../urdf/Urdf.js";

/** The shapes that move with one frame of an arm: its links' own geometry, and the capsules about it. */
export interface LinkShape {
  readonly frame: number; // 0 the base's
  readonly link: string; // that the frame is named for
  readonly links: readonly string[]; // all that move with it and have a shape
  readonly sources: readonly string[]; // "box", "mesh FILE" …
  readonly unread: boolean; // one of their meshes is missing: no volumes
  readonly capsules: readonly number[]; // of the arm's
  readonly own: number; // m³, of the union of the hulls of the links' parts (a hand's: seen over its joints' range)
  readonly held: number; // m³, of the union of the capsules
  readonly out: number; // m, how far a corner of the links' own is out of all capsules; ≤ 0 where they hold all
}

/** Every frame with its shapes. Volumes as `volumesOf`. */
export function linkShapes(urdf: Urdf, arm: Arm, options: ArmOptions): LinkShape[] {
  const moving = arm.jointNames.map((name) => urdf.joints.get(name)!),
    chain = findChain(urdf, arm.base, arm.tool);
  const placed = placeLinks(
    urdf,
    arm.base,
    moving,
    new Set(chain.filter((j) => !moving.includes(j))),
    arm.gripper && handSweep(urdf, moving, arm.gripper),
  );
  const { standing } = standingLinks(
    urdf,
    arm.base,
    placed,
    moving[0].parent,
    new Set(options.capsules?.map((c) => c.link)),
  );
  const apart = new Set(standing.map((s) => s.link));
  return arm.linkNames.map((link, frame) => {
    const own = placed.filter(
      (p) => p.frame === frame && !p.other && !apart.has(p.link) && partsOf(urdf, p.link).length > 0,
    );
    const parts = own.flatMap((at) =>
      partsOf(urdf, at.link).map((part) => ({ part, cells: cellsOfPart(part, at, options.readMesh) })),
    );
    const hulls = parts.flatMap(({ cells }) => (typeof cells === "string" ? [] : [hullOf(cells)]));
    const unread = parts.some(({ cells }) => typeof cells === "string");
    const capsules = [...arm.capsules.keys()].filter((c) => arm.capsules[c].link === frame);
    return {
      frame,
      link,
      links: own.map((p) => p.link),
      sources: [
        ...new Set(
          parts.map(({ part, cells }) => sourceOf(part) + (typeof cells === "string" ? `, which ${cells}` : "")),
        ),
      ],
      unread,
      capsules,
      ...volumesOf(
        unread ? [] : hulls,
        capsules.map((c) => arm.capsules[c]),
      ),
      out: farthestOut(
        parts.flatMap(({ cells }) => (typeof cells === "string" ? [] : cells)),
        capsules.map((c) => arm.capsules[c]),
      ),
    };
  });
}

function sourceOf({ geometry: g }: UrdfPart): string {
  return g.kind === "mesh" ? `mesh ${g.uri}` : g.kind;
}

function farthestOut(cells: readonly Cell[], capsules: Arm["capsules"]): number {
  let out = -Infinity;
  for (const { balls } of cells)
    for (let i = 0; i < balls.length; i += 4)
      out = Math.max(
        out,
        balls[i + 3] +
          Math.min(...capsules.map((c) => axisDistance(c, balls[i], balls[i + 1], balls[i + 2]) - c.radius)),
      );
  return out;
}
