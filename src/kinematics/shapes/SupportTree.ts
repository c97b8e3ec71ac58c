const LEAF = 8; // balls

/**
 * Support function of the hull of balls [n,4] (centre, radius, m): a tree of boxes, so that few of many balls are
 * checked.
 */
export class SupportTree {
  readonly balls: Float64Array; // [n,4] in the tree's order
  readonly middle: readonly [number, number, number]; // of the box about the centres, m
  index = 0; // of the ball that the last answer came from
  private readonly boxes: number[] = []; // [nodes,7] low, high of the centres, largest radius
  private readonly spans: number[] = []; // [nodes,4] first ball, one behind the last, children (0: a leaf)

  constructor(balls: Float64Array) {
    const order = Int32Array.from({ length: balls.length / 4 }, (_, i) => i);
    const build = (first: number, last: number): number => {
      const lo = [Infinity, Infinity, Infinity],
        hi = [-Infinity, -Infinity, -Infinity];
      let radius = 0;
      for (let k = first; k < last; k++) {
        const i = 4 * order[k];
        for (let c = 0; c < 3; c++) ((lo[c] = Math.min(lo[c], balls[i + c])), (hi[c] = Math.max(hi[c], balls[i + c])));
        radius = Math.max(radius, balls[i + 3]);
      }
      const node = this.spans.length / 4;
      this.boxes.push(...lo, ...hi, radius);
      this.spans.push(first, last, 0, 0);
      if (last - first <= LEAF) return node;
      const sides = hi.map((h, c) => h - lo[c]),
        axis = sides.indexOf(Math.max(...sides)),
        at = (lo[axis] + hi[axis]) / 2;
      let middle = first;
      for (let k = first; k < last; k++)
        if (balls[4 * order[k] + axis] < at) (([order[k], order[middle]] = [order[middle], order[k]]), middle++);
      if (middle === first) return node; // all in one place
      const below = build(first, middle),
        above = build(middle, last);
      this.spans[4 * node + 2] = below;
      this.spans[4 * node + 3] = above;
      return node;
    };
    build(0, order.length);
    const [x0, y0, z0, x1, y1, z1] = this.boxes;
    this.middle = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2];
    this.balls = new Float64Array(balls.length);
    order.forEach((i, k) => this.balls.set(balls.subarray(4 * i, 4 * i + 4), 4 * k));
  }

  /** max over balls of d·c + |d| r, m. */
  support(x: number, y: number, z: number): number {
    return this.descend(0, x, y, z, Math.sqrt(x * x + y * y + z * z), -Infinity);
  }

  private bound(node: number, x: number, y: number, z: number, length: number): number {
    const b = this.boxes,
      o = 7 * node;
    return (
      (x > 0 ? x * b[o + 3] : x * b[o]) +
      (y > 0 ? y * b[o + 4] : y * b[o + 1]) +
      (z > 0 ? z * b[o + 5] : z * b[o + 2]) +
      length * b[o + 6]
    );
  }

  private descend(node: number, x: number, y: number, z: number, length: number, best: number): number {
    const { spans, balls } = this,
      o = 4 * node,
      left = spans[o + 2];
    if (left === 0) {
      for (let k = 4 * spans[o]; k < 4 * spans[o + 1]; k += 4) {
        const far = x * balls[k] + y * balls[k + 1] + z * balls[k + 2] + length * balls[k + 3];
        if (far > best) ((best = far), (this.index = k >> 2));
      }
      return best;
    }
    const right = spans[o + 3],
      l = this.bound(left, x, y, z, length),
      r = this.bound(right, x, y, z, length);
    const [first, second, ahead, behind] = l >= r ? [left, right, l, r] : [right, left, r, l];
    if (ahead > best) best = this.descend(first, x, y, z, length, best);
    return behind > best ? this.descend(second, x, y, z, length, best) : best;
  }
}
