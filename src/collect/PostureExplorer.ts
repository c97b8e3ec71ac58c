import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { CollectConfig } from "../config/CollectConfig.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import type { Explorer, ExplorerView } from "./Explorer.js";

const SPREAD = 1.3; // rad, of the postures, to either side of home
const NEAR = 0.05; // rad within which one is reached
const PATIENCE = 12; // steps for one

/**
 * Explores in joint space: moves straight from one random posture to the next, each time at a random speed, with
 * occasional rests. Actions are joint displacements, as in `worldmodel/JointDisplacement`. If the safety filter stops
 * the motion, the next posture is drawn.
 */
export class PostureExplorer implements Explorer {
  readonly purpose = "posture";
  readonly joints = true;
  private target: Float64Array | undefined;
  private pace = 0; // share of the fastest
  private steps = 0;

  constructor(
    private readonly config: CollectConfig,
    private readonly setup: AgentSetup,
    private readonly rng: Rng,
  ) {}

  start(): Vec3 {
    const { low, high } = this.config.tool.box;
    return [0, 1, 2].map((c) => this.rng.range(low[c], high[c])) as unknown as Vec3;
  }

  act(a: Float32Array, { q }: ExplorerView): void {
    const { rng, config } = this;
    const {
      home,
      limits: { lo, hi, velocity },
    } = this.setup.arm;
    if (this.target === undefined || --this.steps < 0 || q.every((x, j) => Math.abs(x - this.target![j]) < NEAR)) {
      this.target = home.map((x, j) => Math.max(lo[j], Math.min(hi[j], x + rng.range(-SPREAD, SPREAD))));
      this.pace = Math.max(0, rng.range(-0.15, 0.7));
      this.steps = PATIENCE;
    }
    const requested = this.target.map((x, j) => (x - q[j]) / (velocity[j] * config.dt));
    const scale = Math.min(1, this.pace / Math.max(...requested.map(Math.abs)));
    for (let j = 0; j < requested.length; j++) a[j] = scale * requested[j];
    if (this.pace === 0) this.steps -= 3; // a rest is short
  }
}
