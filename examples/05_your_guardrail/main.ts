// A guardrail of your own in the safety filter: someone wants the arm to stretch upward, a ceiling forbids it.
import { loadSetup } from "telos/agent";
import { SafetyFilter, type Command, type Guardrail, type Rollouts } from "telos/guardrails";
import { Kinematics, Sweep } from "telos/kinematics";
import { restingAt } from "telos/planner";

/** No link rises above a height. The capsules hold each link between knots too, so nothing is missed in between. */
class Ceiling implements Guardrail {
  readonly name = "ceiling";
  readonly unit = "m";
  readonly escapable = true;

  constructor(private readonly height: number) {} // m, base frame

  margin({ N, nc, capsules, radius }: Rollouts, out: Float64Array, K: number): void {
    for (let k = 0; k < K; k++) {
      let least = Infinity;
      for (let i = k * N * nc; i < (k + 1) * N * nc; i++)
        least = Math.min(least, this.height - Math.max(capsules[6 * i + 2], capsules[6 * i + 5]) - radius[i]);
      out[k] = least;
    }
  }
}

const HEIGHT = 1.1,
  dt = 0.01; // m, s
const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const filter = new SafetyFilter(arm.limits, new Sweep(arm), [new Ceiling(HEIGHT)], dt);
const state = restingAt(arm.home);
let { q, v } = state;
let sent: Command | undefined,
  knot = 0;
for (let tick = 0; tick < 500; tick++) {
  const upward = q.map((angle) => -2 * angle); // rad/s, toward the arm stretched upright, 1.3 m tall
  const step = filter.step(tick * dt, q, v, upward, state);
  if (step !== undefined) [sent, knot] = [{ ...step, q: step.q.slice(), v: step.v.slice() }, 0];
  if (sent === undefined) continue;
  knot = Math.min(knot + 1, sent.N - 1); // without a new step the arm goes on along the one before, to rest
  q = sent.q.slice(knot * arm.nq, (knot + 1) * arm.nq);
  v = sent.v.slice(knot * arm.nq, (knot + 1) * arm.nq);
}
const kinematics = new Kinematics(arm),
  ends = new Float64Array(6 * arm.capsules.length);
kinematics.forward(q, 0);
kinematics.writeCapsules(ends, 0);
const top = Math.max(...arm.capsules.map(({ radius }, c) => Math.max(ends[6 * c + 2], ends[6 * c + 5]) + radius));
console.log(`the ceiling is at ${HEIGHT} m, the arm came to rest ${(1e3 * (HEIGHT - top)).toFixed(1)} mm below it`);
