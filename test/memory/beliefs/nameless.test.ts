import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { TrackedBodies } from "../../../src/memory/beliefs/TrackedBodies.js";
import { bounds, body, uncovered, Walker, shuffled } from "./walkers.js";

for (const [nobody, hides] of [
  ["all told of", () => false],
  ["any hidden", (rng: Rng) => rng.uniform() < 0.4],
  ["one hidden long", (_: Rng, t: number, i: number) => (Math.floor(t / 3) + i) % 3 === 0],
] as const)
  test(
    `people without ids (${nobody}), near and far: ` + "whoever was told of within reach is where the regions are",
    () => {
      for (let seed = 1; seed <= 3; seed++) {
        const rng = new Rng(seed),
          tracked = new TrackedBodies(bounds),
          people = [new Walker("", 1, rng), new Walker("", 2, rng), new Walker("", 1, rng)];
        const far = people[2].parts[0];
        let told = 0;
        for (let t = 0; t < 12; t += 1 / 30, told++) {
          for (const p of people) p.move(1 / 30);
          far[0] = 5 + rng.range(-0.02, 0.02); // stands out of reach of anybody's parts
          const parts = people.flatMap((p) => p.capsules(t));
          tracked.take(
            t,
            shuffled(
              parts.filter((_, i) => told === 0 || i === 3 || !hides(rng, t, i)),
              rng,
            ),
          );
          if (told % 3 === 0)
            parts.forEach((part, i) =>
              assert.ok(uncovered(part, tracked.bodies, t) < 1e-4, `seed ${seed}, ${t.toFixed(2)} s: part ${i}`),
            );
        }
        if (nobody === "all told of")
          assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [4, 0], "nothing is made up");
      }
    },
  );

test(
  "one without an id who stands still far off frees nobody near, " +
    "is not known twice, and goes when silent, while the near one stays",
  () => {
    const tracked = new TrackedBodies(bounds),
      near = body("", [0.5, 0, 0.3]),
      far = body("", [4, 0, 0.3]),
      other = body("", [0, 4, 0.3]);
    tracked.take(0, [near, far, other]);
    for (let t = 1 / 30; t < 30; t += 1 / 30) {
      tracked.take(t, [far]);
      assert.ok(uncovered(near, tracked.bodies, t) < 1e-6, `${t} s`);
      assert.equal(tracked.bodies.length, t <= 10 ? 3 : 2, `${t} s`);
    }
    tracked.take(31, [far, near]);
    assert.deepEqual([tracked.bodies.length, tracked.hidden.length], [2, 0]);
  },
);

test(
  "one without a name, seen out of reach, " +
    "may be any of two that were hidden for long: the other is still where it was",
  () => {
    const tracked = new TrackedBodies(bounds),
      near = [body("", [0.5, 0, 0.3]), body("", [0.6, 0, 0.3])];
    tracked.take(0, near);
    tracked.take(4, [body("", [4.2, 0, 0.3])]);
    for (const part of near) assert.ok(uncovered(part, tracked.bodies, 4) < 1e-6);
  },
);
