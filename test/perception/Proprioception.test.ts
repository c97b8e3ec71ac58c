import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Command } from "../../src/core/Command.js";
import { Proprioception } from "../../src/perception/Proprioception.js";

const n = 2;
const moving = (stamp: number): Command => ({
  stamp,
  dt: 0.01,
  N: 3,
  nq: n,
  q: Float64Array.of(0, 1, 0.01, 1, 0.015, 1),
  v: Float64Array.of(1, 0, 1, 0, 0, 0),
});
const still = new Float64Array(n);
const memory = { objectsById: new Map(), bodies: [] };

describe("proprioception", () => {
  it("is not surprised by an arm that does what was sent", () => {
    const body = new Proprioception(n, 0.05);
    body.expect(moving(1));
    for (const [t, x] of [
      [1, 0],
      [1.005, 0.005],
      [1.01, 0.01],
      [1.02, 0.015],
      [1.5, 0.015],
    ]) {
      body.observe(t, Float64Array.of(x, 1), still);
      assert.ok(body.surprise < 1e-9, `${body.surprise} at ${t} s`);
    }
  });

  it("is surprised by 1 where every joint stays off by the tolerance, and forgets when the arm comes back", () => {
    const body = new Proprioception(n, 0.05);
    body.expect(moving(1));
    for (let t = 2; t < 4; t += 0.01) body.observe(t, Float64Array.of(0.065, 0.95), still);
    assert.ok(Math.abs(body.surprise - 1) < 1e-3);
    for (let t = 4; t < 6; t += 0.01) body.observe(t, Float64Array.of(0.015, 1), still);
    assert.ok(body.surprise < 1e-3);
  });

  it("tells how far each joint is from where it was sent, and nothing where it was sent nowhere", () => {
    const body = new Proprioception(n, 0.05);
    body.observe(0.5, Float64Array.of(3, 3), still);
    assert.deepEqual([...body.deviation], [0, 0]);
    body.expect(moving(1));
    body.observe(1.005, Float64Array.of(0.015, 0.9), still);
    body.deviation.forEach((d, j) => assert.ok(Math.abs(d - [0.01, -0.1][j]) < 1e-12));
    body.observe(0.4, Float64Array.of(3, 3), still);
    assert.deepEqual([...body.deviation], [0, 0]);
  });

  it("expects nothing before it has sent anything, nor after time went back", () => {
    const body = new Proprioception(n, 0.05);
    body.observe(1, Float64Array.of(3, 3), still);
    assert.equal(body.surprise, 0);
    body.expect(moving(1));
    body.observe(0.5, Float64Array.of(3, 3), still);
    body.observe(2, Float64Array.of(3, 3), still);
    assert.equal(body.surprise, 0);
  });

  it("keeps its own copy of what was sent and of what was measured", () => {
    const body = new Proprioception(n, 0.05);
    const command = moving(1);
    const q = Float64Array.of(0.015, 1);
    body.expect(command);
    command.q.fill(9);
    body.observe(2, q, still);
    q.fill(9);
    assert.ok(body.surprise < 1e-9);
    assert.deepEqual([...body.state(memory).q], [0.015, 1]);
  });
});
