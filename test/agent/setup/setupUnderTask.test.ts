import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { setupUnderTask } from "../../../src/agent/setup/setupUnderTask.js";
import { tightenLimits } from "../../../src/agent/setup/tightenLimits.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { GuardrailSpec } from "../../../src/guardrails/index.js";
import { armHolding } from "../../../src/kinematics/armHolding.js";
import { things } from "../../guardrails/HeldOracle.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
  held = things.hammer(new Rng(1)),
  holding: GuardrailSpec = { kind: "holding", config: held },
  limits: GuardrailSpec = { kind: "limits", config: { velocity: { turning: 0.1 } } };

test("a task that holds nothing changes nothing: it is the same setup, and the same one with tighter limits", () => {
  assert.equal(setupUnderTask(setup), setup);
  assert.equal(setupUnderTask(setup, [{ kind: "support", config: { ids: ["table"], shapes: [], depth: 0 } }]), setup);
  assert.deepEqual(setupUnderTask(setup, [limits]), tightenLimits(setup, [limits]));
  assert.equal(setupUnderTask(setup, [limits]).arm.capsules, setup.arm.capsules);
});

test("every thread makes the same arm from the same words", () => {
  const copy = structuredClone({ setup, rules: [holding, limits] }),
    here = setupUnderTask(setup, [holding, limits]),
    there = setupUnderTask(copy.setup, copy.rules);
  assert.deepEqual(there.arm, here.arm);
  assert.deepEqual(here.arm.capsules, armHolding(setup.arm, held).capsules);
  assert.ok(here.arm.limits.velocity.every((v) => v <= 0.1));
  assert.deepEqual(
    buildGuardrails(there, copy.rules).map((g) => g.name),
    buildGuardrails(here, [holding, limits]).map((g) => g.name),
  );
  assert.throws(() => setupUnderTask(setup, [holding, holding]), /holds hammer already/);
});
