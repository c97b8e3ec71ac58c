import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import {
  boundingBall,
  boundingShape,
  drawScene,
  moved,
  parseScene,
  parseYaml,
  rotate,
  solids,
} from "../../src/config/index.js";
import type { Solid } from "../../src/config/index.js";

const scene = parseScene(
  parseYaml(
    `name: s
start: [0, 0]
objects: [{ id: puck, cylinder: { radius: 3 cm, height: 4 cm }, position: [1, 2, 3] }]
bodies: [{ id: arm, kind: person, capsules: [{ p0: [0, 0, 0], p1: [1, 0, 0], radius: 6 cm }] }]
random:
  objects.puck.position: { low: [35 cm, -0.3, 0.02], high: [60 cm, 0.3, 0.02] }
  objects.puck.yaw: { low: -90 deg, high: 90 deg }
  objects.puck.mass: { choices: [100 g, 200 g] }
  bodies.arm.position: { low: [-1, 0, 0], high: [1, 0, 0] }
  start: { low: [-10 deg, 0], high: [10 deg, 0] }
`,
    "f.yaml",
  ),
);

test("a draw is decided by its seed alone and leaves the scene as it was", () => {
  const before = JSON.stringify(scene);
  const again = (seed: number): string => JSON.stringify(drawScene(scene, new Rng(seed)));
  assert.equal(again(7), again(7));
  assert.notEqual(again(7), again(8));
  assert.equal(JSON.stringify(scene), before);
});

test("draws fill their ranges and never leave them", () => {
  const masses = new Set<number>();
  let [least, most] = [Infinity, -Infinity];
  for (let seed = 0; seed < 500; seed++) {
    const { objects, bodies, start, random } = drawScene(scene, new Rng(seed));
    const [{ position, mass, orientation }] = objects;
    assert.ok(position[0] >= 0.35 && position[0] <= 0.6 && Math.abs(position[1]) <= 0.3 && position[2] === 0.02);
    assert.ok(Math.abs(Math.hypot(...orientation) - 1) < 1e-12 && orientation[0] === 0 && orientation[1] === 0);
    const [{ p0, p1 }] = bodies[0].capsules;
    assert.ok(Math.abs(p1[0] - p0[0] - 1) < 1e-12 && Math.abs(p0[0]) <= 1 && p0[1] === 0);
    assert.ok(Math.abs(start![0]) <= Math.PI / 18 && start![1] === 0);
    assert.deepEqual(random, {});
    masses.add(mass);
    [least, most] = [Math.min(least, position[0]), Math.max(most, position[0])];
  }
  assert.deepEqual([...masses].sort(), [0.1, 0.2]);
  assert.ok(least < 0.36 && most > 0.59);
});

/** Points of a solid: random ones of its bounding ball that lie inside it, in its owner's frame. */
function inside(g: Solid, p: readonly number[]): boolean {
  const local = (c: {
    center: readonly [number, number, number];
    orientation: readonly [number, number, number, number];
  }): [number, number, number] => {
    const [x, y, z, w] = c.orientation;
    return rotate([-x, -y, -z, w], [p[0] - c.center[0], p[1] - c.center[1], p[2] - c.center[2]]);
  };
  switch (g.kind) {
    case "box":
      return local(g.config).every((x, i) => Math.abs(x) <= g.config.size[i] / 2);
    case "sphere":
      return Math.hypot(...p.map((x, i) => x - g.config.center[i])) <= g.config.radius;
    case "cylinder": {
      const [x, y, z] = local(g.config);
      return Math.hypot(x, y) <= g.config.radius && Math.abs(z) <= g.config.height / 2;
    }
    case "capsule": {
      const u = g.config.p1.map((x, i) => x - g.config.p0[i]);
      const d = p.map((x, i) => x - g.config.p0[i]);
      const t = Math.min(
        1,
        Math.max(0, (u[0] * d[0] + u[1] * d[1] + u[2] * d[2]) / Math.max(1e-12, Math.hypot(...u) ** 2)),
      );
      return Math.hypot(...d.map((x, i) => x - t * u[i])) <= g.config.radius;
    }
  }
}

test("bounding shapes and balls hold every point of what they bound, moved or not", () => {
  const rng = new Rng(3);
  const unit = (): [number, number, number, number] => {
    const q = [rng.normal(), rng.normal(), rng.normal(), rng.normal()];
    return q.map((x) => x / Math.hypot(...q)) as [number, number, number, number];
  };
  const vec = (s: number): [number, number, number] => [s * rng.normal(), s * rng.normal(), s * rng.normal()];
  const size = (): number => rng.range(0.02, 0.5);
  assert.deepEqual(Object.keys(solids), ["box", "sphere", "capsule", "cylinder"]);
  let hits = 0;
  for (let i = 0; i < 4_000; i++) {
    const still: Solid = [
      {
        kind: "box",
        config: { center: vec(0.3), size: [size(), size(), size()] as [number, number, number], orientation: unit() },
      } as const,
      { kind: "sphere", config: { center: vec(0.3), radius: size() } } as const,
      { kind: "capsule", config: { p0: vec(0.3), p1: vec(0.3), radius: size() } } as const,
      { kind: "cylinder", config: { center: vec(0.3), radius: size(), height: size(), orientation: unit() } } as const,
    ][i % 4];
    const [shift, turn] = [vec(1), unit()];
    const ball = boundingBall(still);
    const p = ball.center.map((c) => c + rng.range(-1, 1) * ball.radius) as [number, number, number];
    const far = rotate(turn, p).map((x, k) => x + shift[k]) as [number, number, number];
    assert.equal(inside(moved(still, shift, turn), far), inside(still, p), `${still.kind} moved with its points`);
    if (!inside(still, p)) continue;
    hits++;
    assert.ok(Math.hypot(...p.map((x, k) => x - ball.center[k])) <= ball.radius + 1e-12);
    const bound = boundingShape(still);
    assert.ok(
      bound.kind !== "halfSpace" && inside({ kind: bound.kind, config: bound } as unknown as Solid, p),
      `${still.kind} in its ${bound.kind}`,
    );
  }
  assert.ok(hits > 500);
});
