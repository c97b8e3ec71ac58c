import type { CollectConfig } from "../config/CollectConfig.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import { ActionNoise } from "./ActionNoise.js";
import type { Explorer, ExplorerView, Pushable, Thing } from "./Explorer.js";

const ABOVE = 0.02; // m the tool stays above a thing's top when it is over it
const NEAR = 0.01; // m within which a place is reached, and as much again as noise would keep the tool from it
const PATIENCE = 9; // steps for one way
const CANDIDATES = 12; // pushes to choose from
const AXES = { x: 0, y: 1, z: 2 } as const;

/** The part of the input that this explorer uses. */
type View = Pick<ExplorerView, "tool" | "objects">;
type Place = [number, number, number];
type Purpose = "push" | "low" | "free";
/** A goal position and the way there: around objects, or straight through them. */
interface Way {
  readonly to: Place;
  readonly through: boolean;
  readonly pace: number; // share of the fastest
  readonly most: number; // steps for it
  steps: number;
}

/**
 * Explores in tool space, with correlated noise (`ActionNoise`). An episode has one of three purposes:
 *
 * - push: move behind a random object (around or over it), push it a random distance in a random direction, repeat;
 * - low: move at random just above the ground, weakly attracted by objects;
 * - free: move from one random position in the box to the next.
 *
 * The tool never comes down on an object: above one it keeps its height.
 */
export class PushExplorer implements Explorer {
  readonly purpose: Purpose;
  private readonly sigma: number;
  private readonly noise: ActionNoise;
  private way: Way | undefined;
  private next: Way[] = [];
  private height: number; // of the tool where it pushes, m
  private readonly d = new Float64Array(3); // m

  constructor(
    private readonly config: CollectConfig,
    private readonly things: Pushable,
    private readonly rng: Rng,
  ) {
    const { noise, memory } = config.explorer;
    this.purpose = drawPurpose(config, rng);
    this.sigma = this.purpose === "low" ? rng.range(0.3, 0.8) : rng.range(noise.low, noise.high);
    this.noise = new ActionNoise(3, memory, this.sigma, rng);
    this.height = this.lowHeight();
  }

  /**
   * Start position of the tool. For half of the `push` episodes: behind an object, ready to push it. Otherwise mostly
   * near the ground, clear of objects.
   */
  start(objects: readonly Thing[]): Vec3 {
    const { rng, config } = this;
    const { low, high } = config.tool.box;
    if (this.purpose === "push" && objects.length > 0 && rng.uniform() < 0.5) {
      const centre: Vec3 = [0, 1, 2].map((c) => 0.5 * (low[c] + high[c])) as unknown as Vec3;
      const ways = this.pushing({ tool: centre, objects });
      const { to } = ways[ways.length - 2];
      if (this.clear(to, objects, 0) && to.every((x, c) => x >= low[c] && x <= high[c])) {
        this.next = ways.slice(-1);
        return to;
      }
    }
    const high_ = this.purpose === "free" ? 0.7 : 0.2; // share of the beginnings above
    for (let i = 0; ; i++) {
      const z = rng.uniform() < high_ ? rng.range(this.things.top + ABOVE, high[2]) : this.height;
      const p: Vec3 = [rng.range(low[0], high[0]), rng.range(low[1], high[1]), z];
      if (i > 100 || z > this.things.top || this.clear(p, objects, 0.005)) return p;
    }
  }

  act(a: Float32Array, view: View): void {
    const { d, config } = this;
    const { step, axes } = config.tool;
    const n = this.noise.next();
    d.fill(0);
    if (this.purpose === "low") this.stray(view);
    else this.go(view);
    const flat = view.tool[2] < this.things.top + ABOVE && this.purpose !== "free";
    for (let c = 0; c < 3; c++) d[c] += step * n[c] * (c === 2 && flat ? 0.15 : 1);
    this.keepAbove(view);
    axes.forEach((axis, u) => (a[u] = Math.max(-1, Math.min(1, d[AXES[axis]] / step))));
  }

  /** Distance between the centres of object and tool in contact, and a little more. */
  private get keep(): number {
    return this.things.radius + this.config.explorer.tool_radius + 0.005;
  }

  private clear(p: Vec3, objects: readonly Thing[], room: number): boolean {
    return objects.every((o) => Math.hypot(o.position[0] - p[0], o.position[1] - p[1]) > this.keep - 1e-9 + room);
  }

  private lowHeight(): number {
    const floor = this.config.tool.box.low[2];
    return floor + this.rng.range(0, 0.4 * Math.max(0, this.things.top - floor));
  }

  /** The attraction of the nearest object; the noise does the rest. */
  private stray({ tool, objects }: View): void {
    const { d } = this;
    let nearest = Infinity;
    for (const { position: p } of objects) {
      const x = p[0] - tool[0],
        y = p[1] - tool[1],
        distance = Math.hypot(x, y);
      if (distance >= nearest) continue;
      nearest = distance;
      ((d[0] = 0.3 * x), (d[1] = 0.3 * y));
    }
    d[2] = this.height - tool[2];
  }

  private go(view: View): void {
    const { d } = this;
    const { tool, objects } = view;
    const near = NEAR + 0.5 * this.sigma * this.config.tool.step;
    const done = (w: Way): boolean =>
      w.steps++ >= w.most || Math.hypot(w.to[0] - tool[0], w.to[1] - tool[1], w.to[2] - tool[2]) < near;
    while (this.way === undefined || done(this.way)) {
      if (this.next.length === 0)
        this.next = this.purpose === "push" && objects.length > 0 ? this.pushing(view) : [this.anywhere()];
      this.way = this.next.shift();
    }
    const { to, through, pace } = this.way;
    const reach = this.config.tool.step * pace;
    const x = to[0] - tool[0],
      y = to[1] - tool[1],
      z = to[2] - tool[2];
    const scale = Math.min(1, reach / Math.max(1e-9, Math.hypot(x, y)));
    ((d[0] = x * scale), (d[1] = y * scale), (d[2] = Math.max(-reach, Math.min(reach, z))));
    if (!through && tool[2] < this.things.top + ABOVE) this.avoid(view);
  }

  /** Turns a displacement that would touch an object along its rim, the shorter way round. */
  private avoid({ tool, objects }: View): void {
    const { d, keep } = this;
    for (const { position: p } of objects) {
      const x = tool[0] - p[0],
        y = tool[1] - p[1],
        r = Math.max(1e-6, Math.hypot(x, y));
      const ux = x / r,
        uy = y / r;
      if (passing(x, y, d[0], d[1]) >= keep) continue;
      const length = Math.hypot(d[0], d[1]);
      const side = ux * d[1] - uy * d[0] >= 0 ? 1 : -1;
      const out = Math.max(-0.02, Math.min(0.03, keep + 0.015 - r)); // toward the rim that is kept
      const round = length * (r < keep ? 0.5 : 0.9);
      ((d[0] = side * -uy * round + ux * out), (d[1] = side * ux * round + uy * out));
    }
  }

  /** Above an object the tool keeps its height. To come down there, it moves aside first. */
  private keepAbove({ tool, objects }: View): void {
    const { d, keep, things, config } = this;
    const { low, high } = config.tool.box;
    const safe = things.top + ABOVE;
    for (let c = 0; c < 3; c++) d[c] = Math.max(low[c], Math.min(high[c], tool[c] + d[c])) - tool[c];
    if (tool[2] < things.top - 0.005 || tool[2] + d[2] >= safe) return;
    for (const { position: p } of objects) {
      const x = tool[0] - p[0],
        y = tool[1] - p[1];
      if (passing(x, y, d[0], d[1]) >= keep + 0.005) continue;
      const r = Math.max(1e-6, Math.hypot(x + d[0], y + d[1]));
      d[2] = safe - tool[2];
      ((d[0] += (0.02 * (x + d[0])) / r), (d[1] += (0.02 * (y + d[1])) / r));
    }
  }

  private anywhere(): Way {
    const { rng, config } = this;
    const { low, high } = config.tool.box;
    const z = rng.uniform() < 0.35 ? this.lowHeight() : rng.range(low[2], high[2]);
    return way([rng.range(low[0], high[0]), rng.range(low[1], high[1]), z], rng.range(0.5, 1));
  }

  /**
   * The two motions of one push: behind an object, and through it. Of several candidates that stay in the box, takes a
   * random one, or more often the one with the nearest start.
   */
  private pushing({ tool, objects }: View): Way[] {
    const { rng, config, keep, things } = this;
    const { low, high } = config.tool.box;
    const { distance, tool_radius } = config.explorer;
    const z = (this.height = this.lowHeight());
    const nearest = rng.uniform() < 0.65;
    let best = Infinity;
    let from: Place = [tool[0], tool[1], z],
      to: Place = from;
    for (let i = 0; i < CANDIDATES; i++) {
      const [x, y] = objects[Math.floor(rng.uniform() * objects.length)].position;
      const turn = rng.range(-Math.PI, Math.PI),
        ux = Math.cos(turn),
        uy = Math.sin(turn);
      const far = rng.range(distance.low, distance.high),
        behind = keep + rng.range(0, 0.015);
      const along = (s: number): Place => [x + ux * s, y + uy * s, z];
      const inside = [along(-behind), along(far)].every(
        (p) => p[0] >= low[0] && p[0] <= high[0] && p[1] >= low[1] && p[1] <= high[1],
      );
      const score =
        (inside && this.clear(along(-behind), objects, 0) ? 0 : 10) +
        (nearest ? Math.hypot(x - ux * behind - tool[0], y - uy * behind - tool[1]) : rng.uniform());
      if (score >= best) continue;
      best = score;
      from = along(-behind);
      to = along(far - things.radius - tool_radius);
    }
    const pace = rng.range(0.8, 1),
      push = rng.range(0.35, 1);
    const most = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / (push * config.tool.step)) + 2;
    const through: Way = { to, through: true, pace: push, most, steps: 0 };
    if (tool[2] < things.top + ABOVE && rng.uniform() > 0.15) return [way(from, pace), through];
    const over = Math.max(things.top + ABOVE + 0.01, Math.min(tool[2], things.top + 0.08));
    return [way([tool[0], tool[1], over], pace), way([from[0], from[1], over], pace), way(from, pace), through];
  }
}

/** Least distance of the segment from (x, y) by (dx, dy) to 0. */
function passing(x: number, y: number, dx: number, dy: number): number {
  const s = Math.max(0, Math.min(1, -(x * dx + y * dy) / Math.max(1e-12, dx * dx + dy * dy)));
  return Math.hypot(x + s * dx, y + s * dy);
}

function way(to: Place, pace: number): Way {
  return { to, through: false, pace, most: PATIENCE, steps: 0 };
}

function drawPurpose({ explorer: { push, low, free } }: CollectConfig, rng: Rng): Purpose {
  const x = rng.range(0, push + low + free);
  if (x < push) return "push";
  return x < push + low ? "low" : "free";
}
