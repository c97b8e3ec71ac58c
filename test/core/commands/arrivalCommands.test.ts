import assert from "node:assert/strict";
import { test } from "node:test";
import { ArrivalCommands } from "../../../src/core/commands/ArrivalCommands.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { commandStream } from "../../sim/commandStream.js";
import { GazeboController } from "../../sim/GazeboController.js";
import { makeWorld } from "../../sim/sdfWorlds.js";

const STEP = 0.002,
  TRANSPORT = 0.006,
  LEAD = 0.033; // s
const world = makeWorld("empty", "arm7"),
  { arm } = world;

/**
 * Aims of Gazebo's law at each of its updates, beside where the arm shall be by then.
 * @param off how far each message is off in time, s
 * @param lost which never come
 */
function* aims(seed: number, off: () => number, lost: (k: number) => boolean = () => false) {
  const rng = new Rng(seed),
    { at, of, ticks } = commandStream(arm, world.scene.start, rng, LEAD);
  const controller = new GazeboController(world.sdf),
    commands = new ArrivalCommands(LEAD, {
      transport: TRANSPORT,
      step: STEP,
      feedForward: (q, v, a) => Float64Array.from([...q.subarray(0, 2), ...v.subarray(0, 2), ...a.subarray(0, 3)]),
    });
  const post: { at: number; points: Parameters<GazeboController["accept"]>[0] }[] = [];
  for (let n = 0, sent = 0; n * STEP < ticks * 0.01 + 1; n++) {
    const t = n * STEP;
    for (; sent < ticks && sent * 0.01 <= t + 1e-9; sent++) {
      const knots = commands.of(of(sent), sent * 0.01).knots;
      const points = knots.map(({ t, q, effort }) => ({ positions: q, effort: effort!, timeFromStart: t }));
      if (!lost(sent)) post.push({ at: sent * 0.01 + TRANSPORT + off(), points });
      assert.ok(
        knots.at(-1)!.v.every((v) => v === 0),
        "it does not end at rest",
      );
      knots.forEach((p, k) => assert.ok(k === 0 ? p.t === 0 : p.t > knots[k - 1].t, `point ${k} at ${p.t} s`));
    }
    while (post.length > 0 && post[0].at <= t + 1e-9) controller.accept(post.shift()!.points);
    yield { t, target: controller.update(t).map((x) => ({ ...x })), want: at(t), soon: at(t + STEP), ticks };
  }
}

test("Gazebo's law aims at where the arm shall be, to the rounding, where messages come as thought", () => {
  for (const seed of [1, 2, 3])
    for (const { t, target, want, soon } of aims(seed, () => 0)) {
      if (t < TRANSPORT) continue;
      target.forEach(({ q }, j) =>
        assert.ok(Math.abs(q - want.q[j]) < 1e-6, `joint ${j} at ${t} s: ${q}, want ${want.q[j]}`),
      );
      // The torque is of the same instant, and of the acceleration from there on.
      const a = soon.v.map((v, j) => (v - want.v[j]) / STEP),
        effort = target.map((x) => x.effort);
      [...want.q.slice(0, 2), ...want.v.slice(0, 2)].forEach((x, i) =>
        assert.ok(Math.abs(effort[i] - x) < 1e-5, `${t} s: ${effort}`),
      );
      if (Math.abs(((t / 0.01) % 1) - 0.3) < 0.01)
        a.slice(0, 3).forEach((x, j) =>
          assert.ok(Math.abs(effort[4 + j] - x) < 1e-3, `${t} s: torque of ${effort[4 + j]} rad/s², want ${x}`),
        );
    }
});

test("messages that are off by up to 3 ms leave it off by the speed times that and a step, no more", () => {
  const rng = new Rng(5);
  for (const { t, target, want } of aims(4, () => rng.range(-0.003, 0.003))) {
    if (t < TRANSPORT + 0.01) continue;
    target.forEach(({ q }, j) =>
      assert.ok(
        Math.abs(q - want.q[j]) <= arm.limits.velocity[j] * (0.003 + STEP) + 1e-6,
        `joint ${j} at ${t} s: ${q}, want ${want.q[j]}`,
      ),
    );
  }
});

test("where no more messages come it brakes to rest on the last one's path, within a knot of it", () => {
  let last: readonly { q: number }[] = [],
    stopped: readonly { q: number }[] = [];
  for (const { t, target } of aims(
    6,
    () => 0,
    (k) => k >= 60,
  )) {
    if (t > 0.7)
      target.forEach(({ q }, j) =>
        assert.ok(
          Math.abs(q - last[j].q) <= arm.limits.velocity[j] * 0.01 + 1e-9,
          `joint ${j} leaps by ${q - last[j].q} at ${t} s`,
        ),
      );
    if (t > 2) stopped.forEach(({ q }, j) => assert.equal(target[j].q, q));
    [last, stopped] = [target, t > 1.9 ? target : []];
  }
});
