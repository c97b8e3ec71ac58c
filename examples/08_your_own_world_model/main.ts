// A world model of your own: an arm whose servos lag. The search plans over it as over any other.
import { loadSetup } from "telos/agent";
import { ToolPose } from "telos/cost";
import { Kinematics, Sweep, type Arm } from "telos/kinematics";
import { createLevel, planFrom, type Predictor, type Rollouts, type State } from "telos/planner";

/** An action moves the commanded posture u; the arm follows with time constant τ:  u̇ = a ⊙ V,  q̇ = (u − q)/τ. */
class LaggingArm implements Predictor {
  readonly nu: number;
  readonly dt = 0.5; // s, between actions
  readonly substeps = 5; // knots per action
  private readonly sweep: Sweep;

  constructor(
    private readonly arm: Arm,
    private readonly tau: number, // s
  ) {
    this.nu = arm.nq;
    this.sweep = new Sweep(arm);
  }

  predict(from: State, r: Rollouts, K: number): void {
    const { nu: n, substeps, tau } = this,
      { lo, hi, velocity } = this.arm.limits,
      h = this.dt / substeps;
    r.from = from;
    for (let k = 0; k < K; k++)
      for (let j = 0; j < n; j++)
        for (let m = 0, q = from.q[j], u = q; m < r.N; m++) {
          const i = (k * r.N + m) * n + j;
          r.q[i] = q;
          r.v[i] = (u - q) / tau;
          const a = m < r.N - 1 ? r.a[(k * r.H + Math.floor(m / substeps)) * n + j] : 0;
          u = Math.max(lo[j], Math.min(hi[j], u + a * velocity[j] * h));
          q = u + (q - u) * Math.exp(-h / tau);
        }
    this.sweep.fill(r, K); // tool poses and the capsules that hold the links, from q and v
  }

  /** The inverse, where the search begins: actions that command a joint path, `reference` [H+1,nq]. */
  actionsFromPath(_from: State, reference: Float64Array, H: number, a: Float32Array, ia: number): void {
    const { nu: n, dt } = this;
    for (let i = 0; i < H * n; i++) {
      const way = reference[i + n] - reference[i];
      a[ia + i] = Math.max(-1, Math.min(1, way / (this.arm.limits.velocity[i % n] * dt)));
    }
  }
}

const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const goal = new ToolPose({ position: [0.45, 0.35, 0.3], tolerance: 0.02, angle_tolerance: 0.1 });
const level = createLevel({ arm, model: new LaggingArm(arm, 0.3), horizon: 8, goals: [goal] });
const plan = await planFrom(level, arm.home);
const kinematics = new Kinematics(arm);
kinematics.forward(plan.q, plan.q.length - arm.nq); // the last knot
const [x, y, z] = [3, 7, 11].map((i) => kinematics.tool[i]);
const distance = Math.hypot(x - 0.45, y - 0.35, z - 0.3);
console.log(`after ${plan.rollouts} imagined futures the tool ends ${(1e3 * distance).toFixed(1)} mm from the goal`);
