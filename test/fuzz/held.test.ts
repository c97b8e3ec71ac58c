import assert from "node:assert/strict";
import { test } from "node:test";
import type { Vec3 } from "../../src/core/geometry/Shape.js";
import { Rng } from "../../src/core/math/Rng.js";
import { nearestSelfPair } from "../../src/kinematics/pairs/nearestSelfPair.js";
import { armHolding } from "../../src/kinematics/armHolding.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { HeldOracle, things } from "../guardrails/HeldOracle.js";
import { arm } from "../guardrails/setups.js";
import { trials } from "../trials.js";
import { CartesianFuzz } from "./CartesianFuzz.js";

const WORLDS = trials(1),
  STEPS = 2500;

/** The arm alone with balls all over the thing, three deviations from its place, and apart from the same links. */
function truly(a: Arm, held: ReturnType<(typeof things)[string]>, holding: Arm, rng: Rng): Arm {
  const way = [rng.normal(), rng.normal(), rng.normal()],
    far = (2.999 * held.positionStd) / Math.hypot(...way);
  const { arm: own, balls } = new HeldOracle(a, held, rng, 3, way.map((x) => far * x) as unknown as Vec3);
  const links = new Set<number>();
  for (let p = a.selfPairs.length; p < holding.selfPairs.length; p += 2) links.add(holding.selfPairs[p]);
  // a link from which one capsule of the thing is not kept is not looked at
  const capsules = holding.capsules.length - a.capsules.length;
  const pairs = [...links].filter(
    (b) => holding.selfPairs.slice(a.selfPairs.length).filter((c, i) => i % 2 === 0 && c === b).length === capsules,
  );
  return {
    ...own,
    selfPairs: Int32Array.from([...a.selfPairs, ...pairs.flatMap((b) => balls.flatMap((c) => [b, c]))]),
  };
}

for (const [name, kinds] of [
  ["arm7", ["block", "plate", "cup"]],
  ["ur5", ["hammer", "rod"]],
] as const)
  for (const kind of kinds)
    test(
      `${name} with a ${kind} in its hand, among boxes and with a person who chases it: nothing of either breaks a ` +
        "bound while it moves, and it does move",
      () => {
        const a = arm(name);
        let moving = 0;
        for (let seed = 1; seed <= WORLDS; seed++) {
          const rng = new Rng(100 + seed);
          let held = things[kind](rng);
          // an arm that begins too near to itself may leave that
          while (nearestSelfPair(armHolding(a, held), a.home)!.distance < 0.01) held = things[kind](rng);
          const holding = armHolding(a, held);
          const report = new CartesianFuzz(holding, seed, truly(a, held, holding, rng)).run(STEPS);
          assert.equal(report.violations, 0, JSON.stringify({ seed, ...report }));
          moving += report.moving;
        }
        assert.ok(moving > 0.15 * WORLDS * STEPS, `moves in ${moving} steps`);
      },
    );
