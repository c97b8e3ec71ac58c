import assert from "node:assert/strict";
import { test } from "node:test";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { mergeBodies } from "../../../src/memory/beliefs/mergeBodies.js";
import { type Vec, fromSegment, uncovered } from "./walkers.js";

test("bodies put together hold all of them, now and later", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rng = new Rng(seed),
      now = 5;
    const place = (): Vec => [rng.range(-3, 3), rng.range(-3, 3), rng.range(0, 2)];
    const all = Array.from({ length: 20 + (rng.bits() % 200) }, (_, i): Body => ({
      id: `${i}`,
      kind: rng.uniform() < 0.5 ? "person" : "object",
      p0: place(),
      p1: place(),
      radius: rng.range(0, 0.3),
      speedBound: rng.range(0, 2),
      stamp: rng.range(0, now),
    }));
    const few = mergeBodies(all, 16, 4, now);
    assert.ok(few.length <= 16);
    const near = (b: Body): number => fromSegment([0, 0, 0], b.p0, b.p1) - b.radius - b.speedBound * (now - b.stamp);
    const nearest = [...all].sort((a, b) => near(a) - near(b))[0];
    assert.ok(few.includes(nearest) || near(nearest) > -1, "the nearest stays as it is");
    for (const t of [now, now + 0.1, now + 3]) {
      for (const b of all) {
        const grown: Body = { ...b, radius: b.radius + b.speedBound * (t - b.stamp), stamp: t };
        assert.ok(uncovered(grown, few, t, 0) < 1e-6, `seed ${seed}: ${b.id} sticks out at ${t}`);
      }
    }
  }
});
