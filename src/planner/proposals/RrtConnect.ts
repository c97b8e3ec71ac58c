import type { JointLimits } from "../../core/JointLimits.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";

/**
 * Whether the straight joint path from a to b keeps the guardrails, and b is at least so much (m) beyond them; a is
 * known to keep them.
 */
export type FreeSegment = (a: Float64Array, b: Float64Array, least?: number) => boolean;

const STEP: Seconds = 0.35; // of travel per extension
const SHORTCUTS = 60;

/**
 * Routes through the admissible joint space: RRT-Connect (Kuffner & LaValle 2000), two trees that grow toward each
 * other, and random shortcuts (Geraerts & Overmars 2007). Different random numbers find different routes; the energies
 * decide which is best. Distances are travel times, max_j |Δq_j|/V_j.
 */
export class RrtConnect {
  constructor(
    private readonly limits: JointLimits,
    private readonly free: FreeSegment,
  ) {}

  /** Way points from a to b, both included; undefined if none was found with that many nodes. */
  route(
    a: Float64Array,
    b: Float64Array,
    rng: Rng,
    maxNodes: number,
    expired: () => boolean = () => false,
  ): Float64Array[] | undefined {
    if (!this.free(b, b)) return undefined;
    let from: Tree = { q: [a], parent: [-1] };
    let to: Tree = { q: [b], parent: [-1] };
    for (let forward = true; from.q.length + to.q.length < maxNodes && !expired(); forward = !forward) {
      const sample = this.sample(a, b, rng);
      const reached = this.extend(from, sample, 1);
      // both ends are enclosed
      if (reached !== undefined) {
        const met = this.extend(to, from.q[reached], Infinity);
        if (met !== undefined && this.travel(to.q[met], from.q[reached]) < 1e-9) {
          const [head, tail] = forward
            ? [trace(from, reached), trace(to, met)]
            : [trace(to, met), trace(from, reached)];
          return this.shorten([...head.reverse(), ...tail.slice(1)], rng);
        }
      } else if (from.q.length + to.q.length === 2 && rng.uniform() < 0.002) return undefined;
      [from, to] = [to, from];
    }
    return undefined;
  }

  /** Time between two postures at full speed, s. */
  travel(a: Float64Array, b: Float64Array): Seconds {
    const { velocity } = this.limits;
    let t = 0;
    for (let j = 0; j < a.length; j++) t = Math.max(t, Math.abs(b[j] - a[j]) / velocity[j]);
    return t;
  }

  /** Half the samples anywhere, half near the straight line: most routes are small detours. */
  private sample(a: Float64Array, b: Float64Array, rng: Rng): Float64Array {
    const { lo, hi } = this.limits;
    const u = rng.uniform();
    const near = rng.uniform() < 0.5;
    return a.map((x, j) => {
      if (!near) return rng.range(lo[j], hi[j]);
      return Math.max(lo[j], Math.min(hi[j], x + u * (b[j] - x) + 0.5 * rng.normal()));
    });
  }

  /** Grows the tree by up to `steps` straight steps from its nearest node toward q. @returns the last node added */
  private extend(tree: Tree, q: Float64Array, steps: number): number | undefined {
    let at = 0;
    let distance = Infinity;
    for (let i = 0; i < tree.q.length; i++) {
      const d = this.travel(tree.q[i], q);
      if (d < distance) {
        distance = d;
        at = i;
      }
    }
    if (distance === 0) return at;
    let last: number | undefined;
    for (let s = 0; s < steps && distance > 0; s++) {
      const u = Math.min(1, STEP / distance);
      const from = tree.q[at];
      const next = u === 1 ? q : from.map((x, j) => x + u * (q[j] - x));
      if (!this.free(from, next)) break;
      tree.q.push(next);
      tree.parent.push(at);
      at = last = tree.q.length - 1;
      distance = this.travel(next, q);
    }
    return last;
  }

  /** Replaces stretches between random points of the route by straight lines if those are free. */
  private shorten(route: Float64Array[], rng: Rng): Float64Array[] {
    for (let i = 0; i < SHORTCUTS && route.length > 2; i++) {
      const x = rng.uniform() * (route.length - 1);
      const y = rng.uniform() * (route.length - 1);
      const [s, t] = x < y ? [x, y] : [y, x];
      if (Math.floor(s) === Math.floor(t)) continue;
      const a = between(route, s);
      const b = between(route, t);
      if (this.free(a, b)) route.splice(Math.floor(s) + 1, Math.floor(t) - Math.floor(s), a, b);
    }
    return this.thin(route);
  }

  /** Leaves out way points that are not needed. */
  private thin(route: Float64Array[]): Float64Array[] {
    for (let i = 1; i < route.length - 1;) {
      if (this.free(route[i - 1], route[i + 1])) route.splice(i, 1);
      else i++;
    }
    return route;
  }
}

interface Tree {
  readonly q: Float64Array[];
  readonly parent: number[];
}

function trace(tree: Tree, node: number): Float64Array[] {
  const path: Float64Array[] = [];
  for (let i = node; i >= 0; i = tree.parent[i]) path.push(tree.q[i]);
  return path;
}

function between(route: readonly Float64Array[], x: number): Float64Array {
  const i = Math.min(route.length - 2, Math.floor(x));
  return route[i].map((a, j) => a + (x - i) * (route[i + 1][j] - a));
}
