import { transformPoint } from "../../core/geometry/transformPoint.js";
import type { LinkCapsule, ShapeGuess } from "../Arm.js";
import type { ArmOptions } from "../ArmOptions.js";
import { Cell } from "./Cell.js";
import { cellsOfPart } from "./cellsOfPart.js";
import { coverWithCapsules, piecesOf } from "./coverWithCapsules.js";
import type { FittedCapsule } from "./fitCapsule.js";
import type { JointChain } from "../JointChain.js";
import type { PairProofs } from "../pairs/PairProofs.js";
import { Pieces } from "./Pieces.js";
import type { PlacedLink } from "../urdf/placeLinks.js";
import { refineCovers } from "./refineCovers.js";
import type { Urdf, UrdfPart } from "../urdf/Urdf.js";
import { UrdfError } from "../urdf/UrdfError.js";
import { hullOf, volumesOf } from "./volumesOf.js";

const FIRST = 12; // per arm: each costs every knot of every rollout its distance queries
const MOST = 16; // if fewer would block free motion
// parts of one frame: more are one body from the start, as to join them pair by pair takes their number squared
const MANY = 24;
const LARGE = 2; // m, of a mesh of any arm; of a longer arm four times its length
const SMALL = 0.001; // m
const ROUGH = { corners: 200, points: 4000 }; // for the volumes in the warnings at load: to some percent
const SLIM = 8; // weight of volume at the tool, which works close to objects

/** A capsule of an arm, and the shape that it was fitted to, or itself if it was given. */
export interface CoveredCapsule extends LinkCapsule {
  readonly of: string; // URDF link
  readonly pieces: Pieces; // in the link's frame
  readonly given: boolean; // in the robot file: only the capsule is known
}

/** Capsules and, if they were fitted, the ratio of their volume to that of the frame's own hulls. */
export interface CoveredArm {
  readonly capsules: readonly CoveredCapsule[];
  readonly excess: readonly { readonly frame: number; readonly times: number }[];
}

/**
 * Capsules that contain the arm: given ones as they are, else fitted to each link's collision parts (visual ones if it
 * has none), at most 12 (`coverWithCapsules`), and up to 16 if fewer would block free motion (`refineCovers`). A frame
 * with a mesh that cannot be read, or without any shape, gets a capsule along its bone, from its joint to the next, and
 * is added to `guesses`. `bones` [nq+1,3] are the next joint's (last: the tool's) positions.
 * @param placed without the links that are not part of the arm (`worldShapes`)
 * @throws UrdfError for a mesh whose size does not fit the arm
 */
export function capsulesFromUrdf(
  urdf: Urdf,
  placed: readonly PlacedLink[],
  bones: Float64Array,
  chain: JointChain,
  proofs: PairProofs,
  guesses: ShapeGuess[],
  options: ArmOptions,
): CoveredArm {
  if (options.capsules !== undefined) return { capsules: given(urdf, placed, guesses, options.capsules), excess: [] };
  const links: { frame: number; link: string; cells: Cell[] }[] = [];
  const unread = new Map<number, ShapeGuess>(),
    parts: { frame: number; cells: readonly Cell[] }[] = [];
  const length = chain.length();
  for (const at of placed) {
    const meshes: Cell[] = [];
    for (const part of partsOf(urdf, at.link)) {
      const file = part.geometry.kind === "mesh" ? part.geometry.uri : undefined;
      if (file !== undefined) options.tell?.(`reading ${file}`);
      const cells = cellsOfPart(part, at, options.readMesh);
      if (typeof cells === "string") unread.set(at.frame, { link: at.link, file, text: cells });
      else if (file !== undefined && at.frame > 0) checkSize(cells, at.link, file, length);
      if (typeof cells === "string") continue;
      parts.push({ frame: at.frame, cells });
      if (file !== undefined) meshes.push(...cells); // of one body, as a rule: shells within each other
      else links.push({ frame: at.frame, link: at.link, cells });
    }
    if (meshes.length > 0) links.push({ frame: at.frame, link: at.link, cells: meshes });
  }
  for (const frame of new Set(links.map((l) => l.frame))) {
    const own = links.filter((l) => l.frame === frame);
    if (own.length > MANY)
      links.splice(0, links.length, ...links.filter((l) => l.frame !== frame), {
        frame,
        link: own[0].link,
        cells: own.flatMap((l) => l.cells),
      });
  }
  const r = options.capsuleRadius ?? 0.06;
  for (let f = 0; f < bones.length / 3; f++) {
    const [x, y, z] = bones.subarray(3 * f, 3 * f + 3);
    // joints in one place have no body between them
    const bare = Math.hypot(x, y, z) > 0.01 && !links.some((g) => g.frame === f);
    if (!bare && !unread.has(f)) continue;
    const link = placed.find((p) => p.frame === f)!.link,
      bone = `a capsule of ${1000 * r} mm radius along its bone replaces its shape`;
    links.push({ frame: f, link, cells: [new Cell(Float64Array.of(0, 0, 0, r, x, y, z, r))] });
    const { text, ...of } = unread.get(f) ?? { link, text: "has no shape" };
    guesses.push({ ...of, text: `${text}: ${bone}` });
  }
  options.tell?.("fitting capsules");
  const rough = coverWithCapsules(links, {
    most: FIRST,
    weight: (frame) => (frame === bones.length / 3 - 1 ? SLIM : 1),
  });
  const covers = refineCovers(rough, chain, MOST, proofs);
  const names = numbering(covers.map((c) => c.link));
  const capsules = covers.map((c, i) => ({
    name: names[i],
    link: c.frame,
    ...c.capsule,
    of: c.link,
    given: false,
    pieces: piecesOf(c),
  }));
  const excess = [...new Set(parts.map((p) => p.frame))]
    .filter((f) => !unread.has(f))
    .map((frame) => {
      const { own, held } = volumesOf(
        parts.filter((p) => p.frame === frame).map((p) => hullOf(p.cells, ROUGH.corners)),
        capsules.filter((c) => c.link === frame),
        ROUGH.points,
      );
      return { frame, times: held / own };
    });
  return { capsules, excess };
}

function given(
  urdf: Urdf,
  placed: readonly PlacedLink[],
  guesses: ShapeGuess[],
  specs: NonNullable<ArmOptions["capsules"]>,
): readonly CoveredCapsule[] {
  const named = numbering(specs.map((s) => s.link)),
    covered = new Set(specs.map((s) => placed.find((p) => p.link === s.link)?.frame));
  for (const { link, frame } of placed)
    if (frame > 0 && !covered.has(frame) && partsOf(urdf, link).length > 0)
      guesses.push({
        link,
        text: "has a shape but no capsule in the robot file: nothing is kept clear of it",
      });
  return specs.map((spec, i) => {
    const where = `capsule ${i} of link ${JSON.stringify(spec.link)}`;
    const at = placed.find((p) => p.link === spec.link);
    if (at === undefined)
      throw new UrdfError(where, "a link that does not exist below the base", placed.map((p) => p.link).join(", "), [
        "capsules",
        i,
        "link",
      ]);
    if (!(spec.radius > 0) || ![...spec.p0, ...spec.p1, spec.radius].every(Number.isFinite))
      throw new UrdfError(where, JSON.stringify([spec.p0, spec.p1, spec.radius]), "finite points and a radius > 0");
    const [x0, y0, z0, x1, y1, z1] = [spec.p0, spec.p1].flatMap((p) => [
      ...transformPoint(new Float64Array(3), 0, at.poses[0], 0, Float64Array.from(p), 0),
    ]);
    const capsule: FittedCapsule = { p0: [x0, y0, z0], p1: [x1, y1, z1], radius: spec.radius };
    return {
      name: named[i],
      link: at.frame,
      ...capsule,
      of: spec.link,
      given: true,
      pieces: new Pieces([new Cell(Float64Array.of(x0, y0, z0, spec.radius, x1, y1, z1, spec.radius))]),
    };
  });
}

/** The collision parts of a link, or its visual parts if it has none. */
export function partsOf(urdf: Urdf, name: string): readonly UrdfPart[] {
  const link = urdf.links.get(name)!;
  return link.collisions.length > 0 ? link.collisions : link.visuals;
}

/** Refuses meshes with a wrong unit: one in mm without a scale is hundreds of m large, one in m scaled as mm tiny. */
function checkSize(cells: readonly Cell[], link: string, file: string, length: number): void {
  const size = Math.max(
    ...[0, 2, 4].map((d) => Math.max(...cells.map((c) => c.reach[d])) + Math.max(...cells.map((c) => c.reach[d + 1]))),
  );
  const most = Math.max(LARGE, 4 * length);
  if (size <= most && size >= SMALL) return;
  const guess = size < SMALL ? "if it is in metres: no scale" : 'if it is in millimetres: scale="0.001 0.001 0.001"';
  throw new UrdfError(
    `link ${JSON.stringify(link)} mesh ${JSON.stringify(file)}`,
    `a size of ${Number(size.toPrecision(3))} m in an arm of ${length.toFixed(2)} m`,
    `${SMALL} m to ${most.toFixed(1)} m (${guess})`,
  );
}

/** Names, numbered from the second of a kind: hand, hand_2. */
export function numbering(links: readonly string[]): string[] {
  const count = new Map<string, number>();
  return links.map((link) => {
    const n = (count.get(link) ?? 0) + 1;
    count.set(link, n);
    return n === 1 ? link : `${link}_${n}`;
  });
}
