import assert from "node:assert/strict";
import { test } from "node:test";
import type { Arm } from "../../src/kinematics/index.js";
import { CartesianFuzz } from "./CartesianFuzz.js";
import { trials } from "../trials.js";

const WORLDS = trials(4),
  STEPS = 4000; // of each of the four arms: 6·10⁴ steps; `npm run fuzz` takes 10⁶

/** The law of an arm among boxes. */
export function amongBoxes(name: string, of: Arm): void {
  test(
    `${name} among boxes and with a person who chases it: ` + "no bound is broken while it moves, and it does move",
    () => {
      let moving = 0;
      for (let seed = 1; seed <= WORLDS; seed++) {
        const report = new CartesianFuzz(of, seed).run(STEPS);
        assert.equal(report.violations, 0, JSON.stringify({ seed, ...report }));
        // in some worlds the safety filter alone comes to stand: arm7 with jerk limits at a box's edge in the seventh
        if (seed <= 4) assert.ok(report.moving > 240, JSON.stringify({ seed, ...report }));
        moving += report.moving;
      }
      assert.ok(moving > 0.3 * WORLDS * STEPS, `moves in ${moving} steps`);
    },
  );
}
