import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrival } from "../../src/agent/task/Arrival.js";
import type { GoalMonitor } from "../../src/agent/task/GoalMonitor.js";
import { startState } from "../../src/reflex/startState.js";
import { Rng } from "../../src/core/math/Rng.js";
import { a, n, dt, Loop, urgent } from "./Loop.js";
import { world } from "../guardrails/setups.js";

// What is told to those who plan on, and what is sent where a task ends.

test(
  "an arm that is brought to rest because its goals hold is sent nothing, " +
    "and ends where arrival was evaluated, to the way of a tick",
  () => {
    for (let seed = 1; seed <= 20; seed++) {
      const l = new Loop().until(0.6 + dt * Math.floor(new Rng(seed).range(0, 20))); // at one speed by then
      l.controller.sample(l.t);
      const q = l.controller.q.slice(),
        v = l.controller.v.slice(),
        speed = Math.abs(v[0]),
        predicted: Float64Array[] = [];
      const monitor = {
        error: 0,
        update: () => false,
        holding: () => 1,
        look: (there: { q: Float64Array }) => (predicted.push(there.q.slice()), 0),
      } as unknown as GoalMonitor;
      const arrival = new Arrival(monitor, 1, a.limits, l.lead);
      assert.equal(arrival.update({ ...world(l.t), q, v }, false), false);
      assert.ok(arrival.resting);
      l.reflex.follow(undefined);
      const count = l.sent.length;
      while (!l.reflex.idle(l.t)) l.tick();
      l.controller.sample(l.t);
      assert.equal(l.sent.length, count);
      q.forEach((x, j) =>
        assert.ok(
          Math.abs(l.controller.q[j] - predicted[0][j]) <= speed * dt + 1e-6,
          `seed ${seed}, joint ${j}: ${l.controller.q[j]}, predicted ${predicted[0][j]}, was at ${x}`,
        ),
      );
    }
  },
);

test(
  "where no plan is followed, hardest braking from what " + "is told to those who plan ends where the arm will rest",
  () => {
    for (const [happens, share] of [...Object.values(urgent), (l: Loop) => l.reflex.follow(undefined)].flatMap((h) => [
      [h, 1] as const,
      [h, 0.4] as const,
    ])) {
      const limits = { ...a.limits, acceleration: a.limits.acceleration.map((x) => share * x) },
        l = new Loop(); // under a task's own too
      if (share < 1) l.reflex.guard(l.reflex.guardrails, undefined, limits);
      happens(l.until(0.3));
      for (let k = 0; k < 6; k++) l.tick();
      const q = new Float64Array(n),
        v = new Float64Array(n),
        { commanded } = l.reflex;
      assert.equal(commanded.following, false);
      startState(q, v, commanded, undefined, limits, commanded.stamp + 10);
      l.until(l.t + 0.5);
      l.controller.sample(l.t);
      q.forEach((x, j) =>
        assert.ok(
          Math.abs(x - l.controller.q[j]) < 1e-9 && Math.abs(v[j]) < 1e-6,
          `joint ${j + 1} rests at ${l.controller.q[j]}, told ${x}`,
        ),
      );
    }
  },
);
