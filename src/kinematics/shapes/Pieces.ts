import { Cell } from "./Cell.js";
import { hullSeparation } from "./hullSeparation.js";
import { SupportTree } from "./SupportTree.js";

const FEW = 3; // cells of a piece that is not divided
const DEEP = 5;

/**
 * The shape that a capsule was fitted to, as a tree of hulls: one of everything, divided in two parts again and again,
 * down to a few cells each. The hull of a link with housings at both ends contains much free space; its pieces do not.
 */
export class Pieces {
  readonly size: number; // m, longest side
  private tree: SupportTree | undefined;
  private halves: readonly Pieces[] | undefined;

  constructor(
    private readonly cells: readonly Cell[],
    private readonly depth = 0,
  ) {
    this.size = Math.max(
      ...[0, 2, 4].map(
        (d) => Math.max(...cells.map((c) => c.reach[d])) + Math.max(...cells.map((c) => c.reach[d + 1])),
      ),
    );
  }

  get hull(): SupportTree {
    return (this.tree ??= new SupportTree(Cell.balls(this.cells)));
  }

  /** Two pieces, cut across the longest side; none if it is not divided. */
  get parts(): readonly Pieces[] {
    return (this.halves ??= this.cut());
  }

  private cut(): readonly Pieces[] {
    const { cells, depth } = this;
    if (cells.length <= FEW || depth === DEEP) return [];
    const spread = [0, 1, 2]
      .map((axis) => cells.map((c) => c.middle[axis]))
      .map((at) => ({ lo: Math.min(...at), hi: Math.max(...at) }));
    const axis = spread.map(({ lo, hi }) => hi - lo).reduce((best, s, i, all) => (s > all[best] ? i : best), 0),
      middle = (spread[axis].lo + spread[axis].hi) / 2;
    const sides = [cells.filter((c) => c.middle[axis] <= middle), cells.filter((c) => c.middle[axis] > middle)];
    return sides.some((s) => s.length === 0) ? [] : sides.map((s) => new Pieces(s, depth + 1));
  }
}

/** Whether all pieces of a and b are at least `enough` (m) apart. @param pose [12] of b's frame in a's */
export function piecesApart(a: Pieces, b: Pieces, pose: Float64Array, enough: number): boolean {
  if (hullSeparation(a.hull, b.hull, pose, enough, new Float64Array(3), enough) >= enough) return true;
  const [first, second] = a.size >= b.size ? [a, b] : [b, a],
    of = first.parts.length > 0 ? first : second;
  return (
    of.parts.length > 0 &&
    of.parts.every((part) => (of === a ? piecesApart(part, b, pose, enough) : piecesApart(a, part, pose, enough)))
  );
}
