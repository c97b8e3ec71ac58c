import { Cell } from "./Cell.js";
import { capsuleVolume, fitCapsule, type FittedCapsule } from "./fitCapsule.js";
import { Pieces } from "./Pieces.js";

const SAVES = 0.12; // a cut is made if it saves this share of a capsule
const PLACES = [0.12, 0.25, 0.37, 0.5, 0.63, 0.75, 0.88]; // of a cut, along the extent

/** Some cells of one link, and the capsule about them. */
export interface Cover {
  readonly frame: number;
  readonly link: string;
  readonly cells: readonly Cell[];
  readonly capsule: FittedCapsule;
}

const known = new WeakMap<Cover, Pieces>();

/** What a cover holds. */
export function piecesOf(c: Cover): Pieces {
  return known.get(c) ?? known.set(c, new Pieces(c.cells)).get(c)!;
}

export interface CoverOptions {
  readonly most: number; // capsules, of all frames together
  readonly weight: (frame: number) => number; // how much volume counts there
}

/**
 * A few tight capsules about links. Capsules of one frame are merged if the merged one is not larger, and while there
 * are too many. Then the capsule for which a cut across x, y or z saves most is cut in two, again and again, while a
 * cut saves 12 % of a capsule and more capsules are allowed.
 */
export function coverWithCapsules(
  links: readonly { readonly frame: number; readonly link: string; readonly cells: readonly Cell[] }[],
  { most, weight }: CoverOptions,
): Cover[] {
  const rough = links.map(({ frame, link, cells }) => cover(frame, link, cells));
  const covers = merged(rough, most, weight);
  const best = new Map<Cover, readonly Cover[]>();
  const saved = (c: Cover): number => {
    const parts = best.get(c) ?? best.set(c, bestCut(c)).get(c)!;
    return parts.length < 2 ? 0 : capsuleVolume(c.capsule) - volume(parts);
  };
  while (covers.length < most) {
    const worth = covers.filter((c) => saved(c) > SAVES * capsuleVolume(c.capsule));
    if (worth.length === 0) break;
    const next = worth.reduce((a, b) => (saved(a) * weight(a.frame) >= saved(b) * weight(b.frame) ? a : b));
    covers.splice(covers.indexOf(next), 1, ...best.get(next)!);
  }
  return covers.map(whole).sort((a, b) => a.frame - b.frame);
}

function cover(frame: number, link: string, cells: readonly Cell[]): Cover {
  return { frame, link, cells, capsule: fitCapsule(Cell.extremes(cells)) };
}

function volume(covers: readonly Cover[]): number {
  return covers.reduce((sum, c) => sum + capsuleVolume(c.capsule), 0);
}

/** The two parts of the cut with the least volume; none if the cells cannot be divided. */
function bestCut(c: Cover): readonly Cover[] {
  let best: readonly Cover[] = [];
  for (const parts of cuts(c)) if (best.length === 0 || volume(parts) < volume(best)) best = parts;
  return best;
}

/**
 * Some ways to divide a cover in two, across x, y and z. Their capsules are preliminary: they contain only the farthest
 * balls.
 */
export function* cuts({ frame, link, cells }: Cover): Generator<readonly [Cover, Cover]> {
  for (let axis = 0; axis < 3; axis++) {
    const at = cells.map((c) => c.middle[axis]),
      lo = Math.min(...at),
      hi = Math.max(...at);
    for (const place of PLACES) {
      const x = lo + place * (hi - lo),
        below = cells.filter((c) => c.middle[axis] <= x),
        above = cells.filter((c) => c.middle[axis] > x);
      if (below.length > 0 && above.length > 0) yield [cover(frame, link, below), cover(frame, link, above)];
    }
  }
}

/** A cover with a capsule that holds all of it. */
export function whole(c: Cover): Cover {
  return { ...c, capsule: fitCapsule(Cell.balls(c.cells)) };
}

/**
 * Merges the pair of one frame that costs least volume, again and again, while that costs nothing or there are too
 * many.
 */
function merged(rough: readonly Cover[], most: number, weight: (frame: number) => number): Cover[] {
  const covers = [...rough],
    joined = new Map<Cover, Map<Cover, Cover>>();
  const join = (a: Cover, b: Cover): Cover => {
    const row = joined.get(a) ?? joined.set(a, new Map()).get(a)!;
    return row.get(b) ?? row.set(b, cover(a.frame, a.link, [...a.cells, ...b.cells])).get(b)!;
  };
  for (;;) {
    let best: { a: Cover; b: Cover; cost: number; extra: number } | undefined;
    for (let i = 0; i < covers.length; i++)
      for (let k = i + 1; k < covers.length; k++) {
        const a = covers[i],
          b = covers[k];
        if (a.frame !== b.frame) continue;
        const extra = capsuleVolume(join(a, b).capsule) - volume([a, b]),
          cost = extra * weight(a.frame);
        if (best === undefined || cost < best.cost) best = { a, b, cost, extra };
      }
    if (best === undefined || (best.extra > 0 && covers.length <= most)) return covers;
    const { a, b } = best;
    covers.splice(covers.indexOf(a), 1, join(a, b));
    covers.splice(covers.indexOf(b), 1);
  }
}
