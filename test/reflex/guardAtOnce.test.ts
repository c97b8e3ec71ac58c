import assert from "node:assert/strict";
import { test } from "node:test";
import { Reflex } from "../../src/reflex/Reflex.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { tightenLimits } from "../../src/agent/setup/tightenLimits.js";
import { Rng } from "../../src/core/math/Rng.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import { Sweep } from "../../src/kinematics/Sweep.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
  { limits } = setup.arm;
const make = (): Reflex =>
  new Reflex({
    limits,
    sweep: new Sweep(setup.arm),
    guardrails: buildGuardrails(setup),
    dt: 0.01,
    staleAfter: 0.1,
    trackingError: 0.02,
  });
const held = (): number => process.memoryUsage().arrayBuffers / 1e6;

test(
  "guardrails and limits that cannot be taken are refused with numbers and units, " +
    "and those before stay in force, all of them",
  () => {
    for (const change of [
      { jerk: limits.velocity.map(() => 0.01) },
      { acceleration: limits.acceleration.map(() => 1e-3) },
      { jerk: limits.velocity.map(() => 0) },
    ]) {
      const r = make(),
        parts = (): unknown[] => {
          const { filter, settling, contact, requested } = r as unknown as Record<string, unknown>;
          return [filter, settling, contact, ...Object.values(requested as object)];
        },
        was = parts(),
        began = held();
      assert.throws(
        () => r.guard([], 5, { ...limits, ...change }),
        (e) => e instanceof RangeError && /got [\d.e+-]+ rad\/s.*want (at most 10 s|more than 0)/.test(e.message),
      );
      parts().forEach((part, i) => assert.equal(part, was[i]));
      assert.ok(held() - began < 5, `${held() - began} MB`);
    }
  },
);

test("whatever limits a task names, a safety filter takes no more than a few megabytes", () => {
  const rng = new Rng(1),
    began = held();
  let most = 0,
    taken = 0;
  for (let i = 0; i < 60; i++) {
    const power = (lo: number, hi: number): number => 10 ** rng.range(lo, hi);
    const config = {
      velocity: { turning: power(-7, 0) },
      acceleration: { turning: power(-6, 1) },
      jerk: { turning: power(-5, 4) },
    };
    try {
      const of = tightenLimits(setup, [{ kind: "limits", config }]).arm.limits,
        before = held();
      of.acceleration.forEach((A, j) =>
        assert.ok(
          A ** 2 / of.jerk![j] <= of.velocity[j] * (1 + 1e-9),
          `joint ${j}: up to ${A} rad/s² and down again gains more than ${of.velocity[j]} rad/s`,
        ),
      ); // two ramps of A/J gain A²/J
      new SafetyFilter(of, new Sweep(setup.arm), [], 0.01);
      taken++;
      most = Math.max(most, held() - before);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  }
  assert.ok(most < 8 && taken > 50, `${most} MB at most, ${taken} taken, ${held() - began} MB in all`);
});
