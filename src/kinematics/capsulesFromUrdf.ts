import { transformPoint } from "../core/transformPoint.js";
import type { LinkCapsule } from "./Arm.js";
import type { ArmOptions } from "./ArmOptions.js";
import { Cell } from "./Cell.js";
import { cellsOfPart } from "./cellsOfPart.js";
import { coverWithCapsules, hullOf } from "./coverWithCapsules.js";
import type { FittedCapsule } from "./fitCapsule.js";
import type { JointChain } from "./JointChain.js";
import type { PairProofs } from "./PairProofs.js";
import type { PlacedLink } from "./placeLinks.js";
import { refineCovers } from "./refineCovers.js";
import { SupportTree } from "./SupportTree.js";
import type { Urdf } from "./Urdf.js";
import { UrdfError } from "./UrdfError.js";

const FIRST = 12; // per arm: each costs every knot of every rollout its distance queries
const MOST = 16; // where they would hinder the arm for nothing
const SLIM = 8; // how much dearer volume is at the tool, which works close to things

/** A capsule of an arm, and what it was fitted to; itself where it was given. */
export interface CoveredCapsule extends LinkCapsule {
  readonly of: string; // URDF link
  readonly hull: SupportTree; // in the link's frame
  readonly given: boolean; // so that nothing is known but the capsule
}

/**
 * Capsules that contain the arm: given ones as they are, else fitted to each link's collision parts (visual ones if it has none), at most 12
 * (`coverWithCapsules`), and up to 16 where they would hinder the arm for nothing (`refineCovers`). A frame with a mesh that cannot be read, or without any
 * shape, gets a capsule along its bone, from its joint to the next. `bones` [nq+1,3] are the next joint's (last: the tool's) positions.
 */
export function capsulesFromUrdf(urdf: Urdf, placed: readonly PlacedLink[], bones: Float64Array, chain: JointChain, proofs: PairProofs, options: ArmOptions): readonly CoveredCapsule[] {
  return options.capsules === undefined ? fitted(urdf, placed, bones, chain, proofs, options) : given(placed, options.capsules);
}

function given(placed: readonly PlacedLink[], specs: NonNullable<ArmOptions["capsules"]>): readonly CoveredCapsule[] {
  const named = numbering(specs.map((s) => s.link));
  return specs.map((spec, i) => {
    const where = `capsule ${i} of link ${JSON.stringify(spec.link)}`;
    const at = placed.find((p) => p.link === spec.link);
    if (at === undefined) throw new UrdfError(where, "a link below the base it has not", placed.map((p) => p.link).join(", "), ["capsules", i, "link"]);
    if (!(spec.radius > 0) || ![...spec.p0, ...spec.p1, spec.radius].every(Number.isFinite)) throw new UrdfError(where, JSON.stringify([spec.p0, spec.p1, spec.radius]), "finite points and a radius > 0");
    const [x0, y0, z0, x1, y1, z1] = [spec.p0, spec.p1].flatMap((p) => [...transformPoint(new Float64Array(3), 0, at.poses[0], 0, Float64Array.from(p), 0)]);
    const capsule: FittedCapsule = { p0: [x0, y0, z0], p1: [x1, y1, z1], radius: spec.radius };
    return { name: named[i], link: at.frame, ...capsule, of: spec.link, given: true, hull: new SupportTree(Float64Array.of(x0, y0, z0, spec.radius, x1, y1, z1, spec.radius)) };
  });
}

function fitted(urdf: Urdf, placed: readonly PlacedLink[], bones: Float64Array, chain: JointChain, proofs: PairProofs, options: ArmOptions): readonly CoveredCapsule[] {
  const links: { frame: number; link: string; cells: Cell[] }[] = [];
  const unread = new Set<number>();
  for (const at of placed) {
    const link = urdf.links.get(at.link)!, meshes: Cell[] = [];
    for (const part of link.collisions.length > 0 ? link.collisions : link.visuals) {
      const cells = cellsOfPart(part, at, options.readMesh);
      if (cells === undefined) unread.add(at.frame);
      else if (part.geometry.kind === "mesh") meshes.push(...cells); // of one body, as a rule: shells within each other
      else links.push({ frame: at.frame, link: at.link, cells });
    }
    if (meshes.length > 0) links.push({ frame: at.frame, link: at.link, cells: meshes });
  }
  const r = options.capsuleRadius ?? 0.06;
  for (let f = 0; f < bones.length / 3; f++) {
    const [x, y, z] = bones.subarray(3 * f, 3 * f + 3);
    const bare = Math.hypot(x, y, z) > 0.01 && !links.some((g) => g.frame === f); // joints in one place have no body between them
    if (bare || unread.has(f)) links.push({ frame: f, link: placed.find((p) => p.frame === f)!.link, cells: [new Cell(Float64Array.of(0, 0, 0, r, x, y, z, r))] });
  }
  const rough = coverWithCapsules(links, { most: FIRST, weight: (frame) => (frame === bones.length / 3 - 1 ? SLIM : 1) });
  const covers = refineCovers(rough, chain, MOST, proofs);
  const names = numbering(covers.map((c) => c.link));
  return covers.map((c, i) => ({ name: names[i], link: c.frame, ...c.capsule, of: c.link, given: false, hull: hullOf(c) }));
}

/** Names, numbered from the second of a kind: hand, hand_2. */
function numbering(links: readonly string[]): string[] {
  const count = new Map<string, number>();
  return links.map((link) => {
    const n = (count.get(link) ?? 0) + 1;
    count.set(link, n);
    return n === 1 ? link : `${link}_${n}`;
  });
}
