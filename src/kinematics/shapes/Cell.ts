import { spiral } from "./spiral.js";

/**
 * Directions [n,3], unit, for which cells store their extent: the axes, and some spread evenly on the sphere
 * (Fibonacci's spiral).
 */
const DIRECTIONS = directions(34);

/** A piece of a link that is never cut: balls [n,4] (centre and radius, m), of which it is the hull. */
export class Cell {
  readonly middle: readonly [number, number, number]; // of its extent, m
  readonly reach: Float64Array; // [nd] farthest along each direction, m
  private readonly farthest: Int32Array; // [nd] the ball that reaches there

  constructor(readonly balls: Float64Array) {
    const nd = DIRECTIONS.length / 3;
    this.reach = new Float64Array(nd).fill(-Infinity);
    this.farthest = new Int32Array(nd);
    for (let d = 0; d < nd; d++) {
      const x = DIRECTIONS[3 * d],
        y = DIRECTIONS[3 * d + 1],
        z = DIRECTIONS[3 * d + 2];
      for (let i = 0; i < balls.length; i += 4) {
        const far = x * balls[i] + y * balls[i + 1] + z * balls[i + 2] + balls[i + 3];
        if (far > this.reach[d]) ((this.reach[d] = far), (this.farthest[d] = i));
      }
    }
    const middle = (axis: number): number => (this.reach[2 * axis] - this.reach[2 * axis + 1]) / 2;
    this.middle = [middle(0), middle(1), middle(2)];
  }

  /**
   * The balls [≤nd,4] of some cells that reach farthest: enough to fit a capsule of about the right size quickly.
   */
  static extremes(cells: readonly Cell[]): Float64Array {
    const chosen = new Map<Cell, Set<number>>();
    for (let d = 0; d < DIRECTIONS.length / 3; d++) {
      let best = cells[0];
      for (const cell of cells) if (cell.reach[d] > best.reach[d]) best = cell;
      (chosen.get(best) ?? chosen.set(best, new Set()).get(best)!).add(best.farthest[d]);
    }
    return Float64Array.from(
      [...chosen].flatMap(([cell, set]) => [...set].flatMap((i) => [...cell.balls.subarray(i, i + 4)])),
    );
  }

  /** All balls [n,4] of some cells. */
  static balls(cells: readonly Cell[]): Float64Array {
    const out = new Float64Array(cells.reduce((sum, c) => sum + c.balls.length, 0));
    let o = 0;
    for (const { balls } of cells) {
      out.set(balls, o);
      o += balls.length;
    }
    return out;
  }
}

function directions(n: number): Float64Array {
  return Float64Array.from([1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, ...spiral(n)]);
}
