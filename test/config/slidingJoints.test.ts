import assert from "node:assert/strict";
import { test } from "node:test";
import { MeasuredJoints } from "../../src/runtime/ingress/MeasuredJoints.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { LIMIT, written, fits, FORMS, near, of, refusedWell, arms } from "./slidingArms.js";

test(
  "a bound of every joint in a robot's file is one of each kind, " +
    "or is refused at its line where one cannot fit all",
  () => {
    const counts = { taken: 0, refused: 0 };
    let trial = 0; // 4 kinds of arms, of each two: what one is not asked the other is
    for (const [a, { slides, rng, load }] of [...arms()].entries())
      for (const form of FORMS)
        for (const [key, power, low, high] of [
          ["acceleration", 2, 0.5, 9],
          ["jerk", 3, 50, 900],
          ["tracking_error", 0, 0.001, 0.1],
          ["limit_margin", 0, 0.01, 0.4],
          ["expected_tracking_error", 0, 1e-4, 0.04],
        ] as const) {
          if ((trial++ + (a >> 2)) % 2 === 1) continue;
          const w = written(rng, power, () => rng.range(low, high), form),
            inLimits = power > 0,
            lines = inLimits ? `limits:\n  ${key}: ${w.text}\n` : `${key}: ${w.text}\n`;
          if (!fits(w, slides)) {
            counts.refused++;
            refusedWell(
              () => load(lines),
              slides,
              w,
              inLimits
                ? new RegExp(`a\\d+\\.yaml:6:\\d+ limits\\.${key}: got `)
                : new RegExp(`a\\d+\\.yaml:5:\\d+ ${key}: got `),
              power,
            );
            continue;
          }
          counts.taken++;
          const setup = load(lines),
            { limits } = setup.arm,
            measured = (): MeasuredJoints => new MeasuredJoints(setup);
          slides.forEach((s, j) => {
            const want = of(w, s),
              what = `${key}: ${w.text}, joint ${j} ${s ? "slides" : "turns"}`;
            if (key === "acceleration") near(limits.acceleration[j], want, what);
            else if (key === "jerk") near(limits.jerk![j], want, what);
            else if (key === "tracking_error") near(limits.hi[j], LIMIT - want, what);
            else if (key === "expected_tracking_error") near(new Sweep(setup.arm).error[j], want, what);
            else {
              const at = (x: number): string =>
                  measured().take(
                    {
                      stamp: 0,
                      names: setup.arm.jointNames,
                      positions: slides.map((_, i) => (i === j ? x : 0)),
                      velocities: [],
                    },
                    0,
                  ),
                unit = s ? "m" : "rad";
              assert.equal(at(LIMIT + want - 1e-6), "", what);
              assert.match(
                at(LIMIT + want + 1e-3),
                new RegExp(
                  `^got j${j} at [-\\d.]+ ${unit}, [\\d.]+ ${unit} beyond its limit 0\\.800, want at most [\\d.]+ ` +
                    `${unit}`,
                ),
                what,
              );
            }
          });
        }
    assert.ok(counts.taken > 30 && counts.refused > 25, JSON.stringify(counts));
  },
);
