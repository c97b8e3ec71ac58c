import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { CollectConfig } from "../config/CollectConfig.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import type { Rng } from "../core/math/Rng.js";
import { closingDirection } from "./closingDirection.js";
import { ActionNoise } from "./ActionNoise.js";
import type { Explorer, ExplorerView, Pushable, Thing } from "./Explorer.js";

const ABOVE = 0.03; // m the tool, or what it holds, stays above other things' tops when it is over them
const HANGS = 0.02; // m that it may reach below the tool
const NEAR = 0.004; // m within which a place is reached that has to be met
const ROUGH = 0.04; // m, where it need not
const FINGER = 0.012; // m: half a finger's width, and a little more
const PATIENCE = 15; // steps for one way
const CANDIDATES = 20; // places to choose from
const AXES = { x: 0, y: 1, z: 2 } as const;

type View = Pick<ExplorerView, "tool" | "objects" | "held">;

/** A way of the tool with what the hand is told at its beginning; a wait if it is there already. */
interface Stage {
  readonly to: Vec3; // m
  readonly pace: number; // share of the fastest
  readonly exact: boolean; // without noise, and until it is there
  readonly least: number; // steps
  readonly aperture?: number; // m
  readonly holds?: boolean; // without a thing in the hand all that follows is void
  steps: number;
}

/**
 * Picks, carries, places and drops at random, with correlated noise (`ActionNoise`) where nothing must be met: over a
 * thing, down, close, up, to some places in the box, then down and open, or open in the air. A grasp that missed is
 * followed by another. The tool keeps its orientation, so things are grasped across the hand's closing direction, those
 * with room for the fingers.
 */
export class PickExplorer implements Explorer {
  readonly purpose = "pick";
  aperture: number | undefined;
  private readonly noise: ActionNoise;
  private readonly across: readonly [number, number]; // unit: in which the pads close, seen from above
  private readonly open: number; // m
  private readonly closed: number; // m
  private stages: Stage[] = [];

  constructor(
    private readonly config: CollectConfig,
    private readonly things: Pushable,
    private readonly rng: Rng,
    { arm }: AgentSetup,
  ) {
    const { noise, memory } = config.explorer;
    const { gripper } = arm;
    if (gripper === undefined) throw new RangeError(`explorer.pick: got a robot without a gripper (${arm.name})`);
    this.noise = new ActionNoise(3, memory, rng.range(noise.low, noise.high), rng);
    this.closed = gripper.apertures[0];
    this.open = gripper.apertures[gripper.apertures.length - 1];
    this.across = closingDirection(arm);
  }

  /** Start position of the tool: mostly above a thing. */
  start(objects: readonly Thing[]): Vec3 {
    const { low, high } = this.config.tool.box;
    const thing = this.rng.uniform() < 0.7 ? this.graspable(objects) : undefined;
    const z = this.rng.range(this.over, high[2]);
    if (thing !== undefined) return this.inBox([thing.position[0], thing.position[1], z]);
    return [this.rng.range(low[0], high[0]), this.rng.range(low[1], high[1]), z];
  }

  act(a: Float32Array, view: View): void {
    const { step, axes } = this.config.tool;
    const n = this.noise.next();
    const stage = this.stage(view);
    if (stage.steps === 0) this.aperture = stage.aperture ?? this.aperture;
    stage.steps++;
    const d = stage.to.map((x, c) => x - view.tool[c]),
      length = Math.hypot(...d);
    const scale = Math.min(1, (stage.pace * step) / Math.max(1e-9, length)) / step;
    axes.forEach((axis, u) => {
      const c = AXES[axis];
      const wanted = d[c] * scale + (stage.exact ? 0 : n[c]);
      // what is carried must not meet what lies there
      const least = c === 2 && !stage.exact ? (this.over + HANGS - view.tool[2]) / step : -1;
      a[u] = Math.max(-1, Math.min(1, Math.max(least, wanted)));
    });
  }

  /** The stage in force: the next once this one is over. */
  private stage(view: View): Stage {
    for (;;) {
      const [stage] = this.stages;
      if (stage === undefined) {
        this.stages = view.held === undefined ? this.picking(view) : this.putting(view);
        continue;
      }
      if (stage.holds && view.held === undefined) {
        this.stages = [this.way(this.lifted(view.tool), { aperture: this.open, exact: true })];
        continue;
      }
      const off = Math.hypot(...stage.to.map((x, c) => x - view.tool[c]));
      const there = off < (stage.exact ? NEAR : ROUGH) && stage.steps >= stage.least;
      if (!there && stage.steps < PATIENCE) return stage;
      this.stages.shift();
    }
  }

  /** Over a thing, down, close, up; or somewhere, if none can be grasped. */
  private picking({ objects, tool }: View): Stage[] {
    const { rng, config, things } = this;
    const thing = this.graspable(objects);
    if (thing === undefined) return [this.way(this.anywhere(this.over), {})];
    const [x, y] = thing.position,
      low = config.tool.box.low[2];
    const z = rng.range(low, Math.max(low, Math.min(things.top - 0.005, low + 0.01)));
    const above = this.inBox([x, y, this.over]),
      at: Vec3 = [above[0], above[1], z];
    const first = tool[2] < this.over - 0.01 ? [this.way(this.lifted(tool), { exact: true, aperture: this.open })] : [];
    return [
      ...first,
      this.way(above, { exact: true, aperture: this.open }),
      this.way(at, { exact: true, pace: rng.range(0.3, 0.7) }),
      this.way(at, { exact: true, least: 3, aperture: this.closed }),
      this.way([at[0], at[1], this.over + z], { exact: true, holds: true, pace: rng.range(0.6, 1) }),
      ...Array.from({ length: Math.floor(rng.uniform() * 3) }, () =>
        this.way(this.anywhere(this.over + z), { holds: true, pace: rng.range(0.6, 1) }),
      ),
    ];
  }

  /** What is held is put down where there is room, or dropped. */
  private putting({ objects, tool, held }: View): Stage[] {
    const { rng, config, things } = this;
    const others = objects.filter(({ id }) => id !== held);
    const carry = this.over + config.tool.box.low[2];
    for (let i = 0; i < CANDIDATES && rng.uniform() > 0.02; i++) {
      const to = this.anywhere(carry);
      const free = others.every((o) => Math.hypot(o.position[0] - to[0], o.position[1] - to[1]) > this.room);
      if (!free) continue;
      const drop = rng.uniform() < 0.3,
        z = drop ? rng.range(config.tool.box.low[2] + 0.02, things.top + 0.08) : config.tool.box.low[2] + 0.004;
      const at: Vec3 = [to[0], to[1], z];
      return [
        this.way(to, { exact: true, holds: true }),
        this.way(at, { exact: true, holds: true, pace: 0.5 }),
        this.way(at, { exact: true, least: 2, aperture: this.open }),
        this.way(this.lifted(at), { exact: true }),
      ];
    }
    return [this.way(this.lifted(tool), { exact: true, holds: true })];
  }

  /** A thing with room for the fingers on both sides, at random. */
  private graspable(objects: readonly Thing[]): Thing | undefined {
    const free = objects.filter((o) => objects.every((other) => other === o || this.leaves(o, other)));
    const inBox = free.filter(({ position: p }) => {
      const [x, y] = this.inBox(p);
      return Math.hypot(x - p[0], y - p[1]) < NEAR;
    });
    return inBox[Math.floor(this.rng.uniform() * inBox.length)];
  }

  /** Whether a thing leaves room for the fingers around another. */
  private leaves({ position: p }: Thing, { position: o }: Thing): boolean {
    const [ux, uy] = this.across,
      [x, y] = [o[0] - p[0], o[1] - p[1]];
    const along = Math.abs(ux * x + uy * y),
      beside = Math.abs(ux * y - uy * x);
    return beside > this.things.radius + FINGER || along > this.things.radius + this.open / 2 + 2 * FINGER;
  }

  private get over(): number {
    return this.things.top + ABOVE;
  }

  /** Between the centres of a thing that is put down and others, m. */
  private get room(): number {
    return this.things.radius + this.open / 2 + 2 * FINGER;
  }

  private way(to: Vec3, o: Partial<Omit<Stage, "to" | "steps">>): Stage {
    return { to, pace: 1, exact: false, least: 1, ...o, steps: 0 };
  }

  private lifted([x, y]: Vec3): Vec3 {
    return [x, y, this.over + this.config.tool.box.low[2]];
  }

  private anywhere(least: number): Vec3 {
    const { low, high } = this.config.tool.box;
    const { rng } = this;
    return [rng.range(low[0], high[0]), rng.range(low[1], high[1]), rng.range(Math.min(least, high[2]), high[2])];
  }

  private inBox(p: Vec3): [number, number, number] {
    const { low, high } = this.config.tool.box;
    return [0, 1, 2].map((c) => Math.max(low[c], Math.min(high[c], p[c]))) as [number, number, number];
  }
}
