import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { JointIngress } from "../../../src/runtime/ingress/JointIngress.js";
import { names, limits, sample } from "./threeJoints.js";

const turning = (): JointIngress =>
  new JointIngress(names, limits, 0.05, {
    lo: limits.lo.map(() => -6),
    hi: limits.hi.map(() => 6),
    margin: 0.1,
    endless: [true, false, true],
  });
const wrap = (x: number): number => Math.atan2(Math.sin(x), Math.cos(x));

test(
  "an endless joint is told modulo a turn and taken at the turn that it is on: " +
    "what is told wrapped or with turns added at random comes to the path that was gone",
  () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rng = new Rng(seed),
        i = turning(),
        from = rng.range(-3, 3);
      let x = from;
      for (let k = 0; k < 2000; k++) {
        x = Math.max(-5.9, Math.min(5.9, x + rng.range(-0.01, 0.012) * (k % 1000 < 500 ? 1 : -1)));
        const told = k === 0 ? x : rng.bits() & 1 ? wrap(x) : x + 2 * Math.PI * ((rng.bits() % 5) - 2);
        assert.equal(i.take(sample(k / 100, [told, 0, 0]), k / 100), "");
        assert.ok(Math.abs(i.q[0] - x) < 1e-12);
        if (k > 0)
          assert.match(
            i.take(sample(k / 100 + 0.001, [told, 2 * Math.PI, 0]), k / 100),
            /b moved by 6.283/,
            "no other joint has turns",
          );
      }
    }
  },
);

test(
  "the first state of an endless joint is believed as it is told, " +
    "and one after a person said so or both clocks went back",
  () => {
    const i = turning(),
      take = (stamp: number, x: number): [string, number] => [i.take(sample(stamp, [x, 0, 0]), stamp), i.q[0]];
    assert.deepEqual(take(1, 5), ["", 5]);
    i.begin();
    assert.deepEqual(take(2, -5), ["", -5]);
    i.reset();
    assert.deepEqual(take(3, 4), ["", 4]);
    assert.deepEqual(take(0.5, -5.5), ["restart", -5.5]);
  },
);

test("an endless joint's velocity, where none are told, knows no turns", () => {
  const i = turning();
  i.take(sample(1, [3.14, 0, 0], []), 1);
  assert.equal(i.take(sample(1.01, [-3.135, 0, 0], []), 1.01), "");
  assert.ok(Math.abs(i.v[0] - (2 * Math.PI - 6.275) / 0.01) < 1e-9);
});
