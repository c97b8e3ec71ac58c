import { Cell } from "./Cell.js";
import { halton } from "../../core/math/halton.js";
import { hullCorners, hullPlanes, withinPlanes } from "./hullPlanes.js";

const MOST = 12;
const LOOKS = 1000;
const WASTE = 1.1; // of two boxes' volume, that one about both may hold

export interface Extent {
  readonly lo: readonly number[]; // [3] m
  readonly hi: readonly number[];
}

/**
 * A few axis-aligned boxes that contain all cells: one about all if it is hardly larger than their hull. Otherwise
 * boxes are merged if the merged one is little larger, and the cheapest are merged while there are more than twelve.
 */
export function boxesOfCells(cells: readonly Cell[]): Extent[] {
  const boxes: Extent[] = cells.map(({ reach }) => ({
    lo: [-reach[1], -reach[3], -reach[5]],
    hi: [reach[0], reach[2], reach[4]],
  }));
  const all = boxes.reduce(about);
  if (fills(cells, all)) return [all];
  const n = boxes.length,
    extra = new Float64Array(n * n).fill(Infinity); // [n,n] m³ that one box about two holds more, i < k
  const alive = new Set(boxes.keys());
  const note = (i: number, k: number): void =>
    void (extra[Math.min(i, k) * n + Math.max(i, k)] =
      volume(about(boxes[i], boxes[k])) - volume(boxes[i]) - volume(boxes[k]));
  for (let i = 0; i < n; i++) for (let k = i + 1; k < n; k++) note(i, k);
  while (alive.size > 1) {
    let i = 0,
      k = 0,
      least = Infinity;
    for (const a of alive)
      for (const b of alive) if (a < b && extra[a * n + b] < least) ((i = a), (k = b), (least = extra[a * n + b]));
    if (alive.size <= MOST && least > (WASTE - 1) * (volume(boxes[i]) + volume(boxes[k]))) break;
    boxes[i] = about(boxes[i], boxes[k]);
    alive.delete(k);
    for (const other of alive) if (other !== i) note(i, other);
  }
  return [...alive].map((i) => boxes[i]);
}

/** Whether the hull of all cells leaves hardly a tenth of a box about them. */
function fills(cells: readonly Cell[], { lo, hi }: Extent): boolean {
  const planes = hullPlanes(hullCorners(Cell.balls(cells)));
  let inside = 0;
  for (let i = 1; i <= LOOKS; i++)
    if (
      withinPlanes(
        planes,
        lo[0] + (hi[0] - lo[0]) * halton(i, 2),
        lo[1] + (hi[1] - lo[1]) * halton(i, 3),
        lo[2] + (hi[2] - lo[2]) * halton(i, 5),
      )
    )
      inside++;
  return inside * WASTE >= LOOKS;
}

function about(a: Extent, b: Extent): Extent {
  return { lo: a.lo.map((x, c) => Math.min(x, b.lo[c])), hi: a.hi.map((x, c) => Math.max(x, b.hi[c])) };
}

// plates have some too
const volume = ({ lo, hi }: Extent): number => (hi[0] - lo[0] + 1e-4) * (hi[1] - lo[1] + 1e-4) * (hi[2] - lo[2] + 1e-4);
