// A cost of your own: it scores a whole batch of imagined paths at once. The search does the rest.
import { loadSetup } from "telos/agent";
import { ToolPose, type CostTerm, type Rollouts } from "telos/cost";
import { Sweep } from "telos/kinematics";
import { createLevel, JointDisplacement, planFrom } from "telos/planner";

/** The tool keeps above a height z* on its way: E = mean over knots of max(0, (z* − z)/σ)². */
class High implements CostTerm {
  readonly name = "high";

  constructor(
    private readonly height: number, // z*, m
    private readonly sigma = 0.05, // m
  ) {}

  evaluate({ N, tool }: Rollouts, out: Float64Array, K: number): void {
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let n = k * N; n < (k + 1) * N; n++) sum += Math.max(0, (this.height - tool[12 * n + 11]) / this.sigma) ** 2;
      out[k] = sum / N;
    }
  }
}

const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const goal = new ToolPose({ position: [0.45, 0.35, 0.3], tolerance: 0.02, angle_tolerance: 0.1 });
const high = new High(0.5);
for (const weight of [1e-3, 20]) {
  const model = new JointDisplacement(arm.limits, new Sweep(arm), 0.5, 4, 0.04); // s, knots, s
  const level = createLevel({ arm, model, horizon: 6, goals: [goal], costs: [{ cost: high, weight }] });
  const { energies } = await planFrom(level, arm.home);
  console.log(`weight ${weight}: E of the height ${(energies.high / weight).toFixed(2)}`);
}
