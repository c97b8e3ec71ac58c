import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { tightenLimits } from "../../../src/agent/setup/tightenLimits.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { calmLimits } from "../../../src/guardrails/filter/calmLimits.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { arm, robots } from "../../guardrails/setups.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });

for (const name of robots)
  test(
    `${name}: at calm accelerations, whatever the posture and however they come together, ` +
      "the felt up tilts by no more than half the angle",
    () => {
      const a = arm(name),
        n = a.nq,
        kinematics = new Kinematics(a),
        J = new Float64Array(6 * n),
        rng = new Rng(1);
      for (const max of [0.1, 0.3, 1]) {
        const { acceleration: A } = calmLimits(a, a.limits, max);
        let worst = 0;
        for (let i = 0; i < 3000; i++) {
          kinematics.forward(
            a.home.map((_, j) => rng.range(a.limits.lo[j], a.limits.hi[j])),
            0,
          );
          kinematics.jacobian(J);
          const u = A.map((x) => x * (rng.bits() & 1 ? 1 : -1)),
            p = [0, 1, 2].map((r) => u.reduce((sum, x, j) => sum + J[r * n + j] * x, 0));
          worst = Math.max(worst, Math.hypot(...p));
        }
        assert.ok(worst <= 9.81 * Math.tan(max / 2), `${worst} m/s² of ${9.81 * Math.tan(max / 2)}`);
        assert.ok(worst >= 0.2 * 9.81 * Math.tan(max / 2), "and they are no slower than they must be");
      }
      assert.equal(
        calmLimits(
          { ...a, limits: { ...a.limits, acceleration: a.limits.acceleration.map(() => 1e-3) } },
          { ...a.limits, acceleration: a.limits.acceleration.map(() => 1e-3) },
          1,
        ).acceleration[0],
        1e-3,
      ); // never more than the robot's
    },
  );

test("a task's limits hold for every joint beside the arm's own, and nothing tightens where none is named", () => {
  assert.equal(tightenLimits(setup, []), setup);
  assert.equal(tightenLimits(setup, [{ kind: "tool_tilt", config: { max: 1, direction: [0, 0, -1] } }]), setup);
  const { limits } = setup.arm,
    t = tightenLimits(setup, [
      { kind: "limits", config: { velocity: { turning: 1 }, acceleration: { turning: 10 }, jerk: { turning: 200 } } },
    ]).arm.limits;
  assert.deepEqual(
    [...t.velocity],
    [...limits.velocity].map((v) => Math.min(v, 1)),
  );
  assert.deepEqual(
    [...t.acceleration],
    [...limits.acceleration].map((a) => Math.min(a, 10)),
  );
  assert.deepEqual(
    [...t.jerk!],
    [...(limits.jerk ?? limits.velocity)].map(() => 200),
  );
  // a fail-safe trajectory stays one that can be kept
  const slow = tightenLimits(setup, [{ kind: "limits", config: { jerk: { turning: 1 } } }]).arm.limits;
  for (let j = 0; j < setup.arm.nq; j++) assert.ok(slow.acceleration[j] <= 0.25 && slow.velocity[j] <= 0.25);
});
