import { transformPoint } from "../core/transformPoint.js";
import type { LinkCapsule } from "./Arm.js";
import type { ArmOptions } from "./ArmOptions.js";
import { ballsOfPart } from "./ballsOfPart.js";
import { capsuleVolume, fitCapsule, type FittedCapsule } from "./fitCapsule.js";
import type { PlacedLink } from "./placeLinks.js";
import type { Urdf } from "./Urdf.js";
import { UrdfError } from "./UrdfError.js";

const MOST = 12; // per arm: each costs every knot of every rollout its distance queries
const SLIM = 8; // how much dearer volume is at the tool, which works close to things
const WORTH = 1; // two capsules become one if that holds no more volume: a fat hand would keep slim fingers off the table

interface Group {
  readonly frame: number;
  readonly link: string;
  readonly balls: Float64Array;
  readonly capsule: FittedCapsule;
}

/**
 * Capsules that contain the arm: given ones as they are, else fitted to each link's collision parts (visual ones if it has none), merged
 * within a frame while that costs little, and then until at most 12 are left. A frame with a mesh that cannot be read, or without any
 * shape, gets a capsule along its bone, from its joint to the next. `bones` [nq+1,3] are the next joint's (last: the tool's) positions.
 */
export function capsulesFromUrdf(urdf: Urdf, placed: readonly PlacedLink[], bones: Float64Array, options: ArmOptions): readonly LinkCapsule[] {
  return options.capsules === undefined ? fitted(urdf, placed, bones, options) : given(placed, options.capsules);
}

function given(placed: readonly PlacedLink[], specs: NonNullable<ArmOptions["capsules"]>): readonly LinkCapsule[] {
  const named = numbering(specs.map((s) => s.link));
  return specs.map((spec, i) => {
    const where = `capsule ${i} of link ${JSON.stringify(spec.link)}`;
    const at = placed.find((p) => p.link === spec.link);
    if (at === undefined) throw new UrdfError(where, "a link below the base it has not", placed.map((p) => p.link).join(", "));
    if (!(spec.radius > 0) || ![...spec.p0, ...spec.p1, spec.radius].every(Number.isFinite)) throw new UrdfError(where, JSON.stringify([spec.p0, spec.p1, spec.radius]), "finite points and a radius > 0");
    const [x0, y0, z0, x1, y1, z1] = [spec.p0, spec.p1].flatMap((p) => [...transformPoint(new Float64Array(3), 0, at.poses[0], 0, Float64Array.from(p), 0)]);
    return { name: named[i], link: at.frame, p0: [x0, y0, z0], p1: [x1, y1, z1], radius: spec.radius };
  });
}

function fitted(urdf: Urdf, placed: readonly PlacedLink[], bones: Float64Array, options: ArmOptions): readonly LinkCapsule[] {
  const group = (frame: number, link: string, balls: Float64Array): Group => ({ frame, link, balls, capsule: fitCapsule(balls) });
  const groups: Group[] = [];
  const unread = new Set<number>();
  for (const at of placed) {
    const link = urdf.links.get(at.link)!;
    for (const part of link.collisions.length > 0 ? link.collisions : link.visuals) {
      const balls = ballsOfPart(part, options.readMesh);
      if (balls === undefined) unread.add(at.frame);
      else groups.push(group(at.frame, at.link, everywhere(balls, at)));
    }
  }
  const r = options.capsuleRadius ?? 0.06;
  for (let f = 0; f < bones.length / 3; f++) {
    const [x, y, z] = bones.subarray(3 * f, 3 * f + 3);
    const bare = Math.hypot(x, y, z) > 0.01 && !groups.some((g) => g.frame === f); // joints in one place have no body between them
    if (bare || unread.has(f)) groups.push(group(f, placed.find((p) => p.frame === f)!.link, Float64Array.of(0, 0, 0, r, x, y, z, r)));
  }
  merge(groups, group, bones.length / 3 - 1);
  groups.sort((a, b) => a.frame - b.frame); // stable: the file's order within a frame
  const names = numbering(groups.map((g) => g.link));
  return groups.map((g, i) => ({ name: names[i], link: g.frame, ...g.capsule }));
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

/** Joins the pair of one frame that costs least volume, again and again, while it costs little or capsules are too many. */
function merge(groups: Group[], group: (frame: number, link: string, balls: Float64Array) => Group, toolFrame: number): void {
  const joined = new Map<Group, Map<Group, Group>>();
  const join = (a: Group, b: Group): Group => {
    const row = joined.get(a) ?? joined.set(a, new Map()).get(a)!;
    return row.get(b) ?? row.set(b, group(a.frame, a.link, concat(a.balls, b.balls))).get(b)!;
  };
  for (;;) {
    let best: { a: Group; b: Group; cost: number; ratio: number } | undefined;
    for (let i = 0; i < groups.length; i++)
      for (let k = i + 1; k < groups.length; k++) {
        const a = groups[i], b = groups[k];
        if (a.frame !== b.frame) continue;
        const apart = capsuleVolume(a.capsule) + capsuleVolume(b.capsule), together = capsuleVolume(join(a, b).capsule);
        const cost = (together - apart) * (a.frame === toolFrame ? SLIM : 1);
        if (best === undefined || cost < best.cost) best = { a, b, cost, ratio: together / apart };
      }
    if (best === undefined || (best.ratio > WORTH && groups.length <= MOST)) return;
    const { a, b } = best;
    groups.splice(groups.indexOf(a), 1, join(a, b));
    groups.splice(groups.indexOf(b), 1);
  }
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
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
