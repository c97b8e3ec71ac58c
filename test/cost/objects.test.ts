import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { Rng } from "../../src/core/math/Rng.js";
import type { Percept } from "../../src/core/Percept.js";
import {
  BindError,
  bindTask,
  createGoal,
  hasPictures,
  LatentDistance,
  loadTask,
  ObjectDistance,
  readPng,
  ResidualCost,
  seeGoals,
  worstBlock,
  type BindContext,
  type TaskSpec,
} from "../../src/cost/index.js";
import { OracleArm, belief, limitsOf, randomAngles, stateWith } from "./oracleArm.js";

const nq = 7;
const context = { nq, limits: limitsOf(nq) };
const agent: BindContext = {
  jointNames: Array.from({ length: nq }, (_, j) => `joint${j + 1}`),
  objects: ["red", "blue"],
  predicted: ["red", "blue"],
  images: { camera: "camera", width: 8, height: 6 },
};
const folder = mkdtempSync(join(tmpdir(), "telos-goal-"));
const write = (name: string, image: Parameters<typeof encode>[0] | Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, image instanceof Uint8Array ? image : encode({ channels: 3, ...image }));
  return file;
};
const bind = (goal: string, a: BindContext = agent): TaskSpec => {
  const file = join(folder, "task.yaml");
  writeFileSync(file, `goal: [${goal}]\n`);
  return bindTask(loadTask(file), a);
};
const pixels = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (37 * i) % 256);
write("goal.png", { width: 8, height: 6, data: pixels });

/** Whether a goal holds with red and blue where they are predicted. */
function holds(goal: string, red: readonly number[], blue: readonly number[]): boolean {
  const residual = createGoal(bind(goal).goal[0], context);
  const r = new Float64Array(residual.dim);
  const x = {
    ...new OracleArm(nq, 1).instant(new Float64Array(nq), stateWith(belief("red", 9, 9, 9), belief("blue", 9, 9, 9))),
    predicted: { ids: ["blue", "red"], positions: Float64Array.of(7, 7, 7, ...blue, ...red), ip: 3 },
  };
  residual.evaluate(x, r);
  return worstBlock(residual.blocks, r) <= 1;
}

test("goals for objects hold just where their words say, of what is predicted rather than believed", () => {
  const rng = new Rng(1);
  const seen = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    const [a, b] = [0, 1].map(() => [rng.range(-0.1, 0.1), rng.range(-0.1, 0.1), rng.range(-0.1, 0.1)]);
    const flat = Math.hypot(a[0] - b[0], a[1] - b[1]);
    const laws: readonly (readonly [string, boolean])[] = [
      [
        "object_at: { object: red, position: [0.02, 0.01], tolerance: 3 cm }",
        Math.hypot(a[0] - 0.02, a[1] - 0.01) <= 0.03,
      ],
      [
        "object_at: { object: blue, position: [0.02, 0.01, 0], tolerance: 3 cm }",
        Math.hypot(b[0] - 0.02, b[1] - 0.01, b[2]) <= 0.03,
      ],
      [
        "region: { object: red, in: { sphere: { center: [0, 0, 0], radius: 5 cm } }, tolerance: 1 cm }",
        Math.hypot(...a) <= 0.06,
      ],
      [
        "region: { object: red, in: { half_space: { normal: [0, 0, 1], offset: 2 cm } }, tolerance: 1 cm }",
        a[2] <= 0.03,
      ],
      ["relation: { left_of: [red, blue] }", a[1] >= b[1]],
      ["relation: { right_of: [red, blue] }", a[1] <= b[1]],
      ["relation: { behind: [red, blue] }", a[0] >= b[0]],
      ["relation: { in_front_of: [red, blue] }", a[0] <= b[0]],
      ["relation: { on: [red, blue], tolerance: 3 cm }", flat <= 0.03 && a[2] >= b[2]],
      ["relation: { in: [red, blue], tolerance: 3 cm }", Math.hypot(...a.map((x, c) => x - b[c])) <= 0.03],
    ];
    const [goal, want] = laws[i % laws.length];
    assert.equal(holds(`{ ${goal} }`, a, b), want, `${goal} of ${a} and ${b}`);
    seen.add(`${i % laws.length} ${want}`);
  }
  assert.equal(seen.size, 20); // each law both ways
});

test("who predicts nothing believes: an object goal then looks at the belief", () => {
  const residual = createGoal(bind("{ object_at: { object: red, position: [0.1, 0.2] } }").goal[0], context);
  const r = new Float64Array(2);
  residual.evaluate(new OracleArm(nq, 1).instant(new Float64Array(nq), stateWith(belief("red", 0.12, 0.2, 0))), r);
  assert.ok(Math.abs(r[0] - 1) < 1e-9 && Math.abs(r[1]) < 1e-9);
});

test("an object that the model does not predict is told, with those it does", () => {
  assert.throws(
    () => bind("{ object_at: { object: red, position: [0, 0] } }", { ...agent, predicted: ["blue"] }),
    (e) =>
      e instanceof BindError &&
      e.code === "CAPABILITY" &&
      /goal\[0\]\.object_at: got 'red', want an object whose motion the world model predicts: blue/.test(e.message),
  );
});

const percept: Percept = {
  stamp: 0,
  z: Float32Array.of(1, 2),
  objects: [
    { id: "red", position: [0.4, 0.1, 0.02], std: 0.01 },
    { id: "blue", position: [0.5, -0.1, 0.02], std: 0.01 },
  ],
  tool: [0.3, 0, 0.2],
};

test(
  "a goal image holds where objects and tool are within its tolerance of where they are seen in it, " +
    "and never before it was looked at",
  async () => {
    const rng = new Rng(3);
    for (const match of ["all", "objects", "tool"] as const) {
      const spec = bind(`{ goal_image: { path: goal.png, match: ${match}, tolerance: 4 cm } }`);
      assert.ok(hasPictures(spec));
      const shown: unknown[] = [];
      const seen = structuredClone(await seeGoals(spec, async (picture) => (shown.push(picture), percept)));
      assert.deepEqual(shown, [{ width: 8, height: 6, data: pixels }]);
      const [blind, goal] = [createGoal(spec.goal[0], context), createGoal(seen.goal[0], context)];
      let yes = 0;
      for (let i = 0; i < 500; i++) {
        const near = (p: readonly number[]): [number, number, number] =>
          p.map((v) => v + rng.range(-0.03, 0.03)) as [number, number, number];
        const [red, blue, tool] = [
          near(percept.objects[0].position),
          near(percept.objects[1].position),
          near(percept.tool),
        ];
        const x = new OracleArm(nq, 1).instant(
          new Float64Array(nq),
          stateWith(belief("red", ...red), belief("blue", ...blue)),
        );
        x.tool.set([1, 0, 0, tool[0], 0, 1, 0, tool[1], 0, 0, 1, tool[2]]);
        const r = new Float64Array(goal.dim);
        goal.evaluate(x, r);
        const away = (p: readonly number[], q: readonly number[]): number => Math.hypot(...p.map((v, c) => v - q[c]));
        const want =
          (match === "tool" ||
            (away(red, percept.objects[0].position) <= 0.04 && away(blue, percept.objects[1].position) <= 0.04)) &&
          (match === "objects" || away(tool, percept.tool) <= 0.04);
        assert.equal(worstBlock(goal.blocks, r) <= 1, want);
        if (want) yes++;
        blind.evaluate(x, r.fill(0));
        assert.ok(!(worstBlock(blind.blocks, r) <= 1));
      }
      assert.ok(yes > 50 && yes < 450, `${yes}`);
    }
  },
);

test("a goal image's slope by the joints is the tool's", async () => {
  const goal = createGoal(
    (await seeGoals(bind("{ goal_image: { path: goal.png } }"), async () => percept)).goal[0],
    context,
  );
  const arm = new OracleArm(nq, 2);
  const from = stateWith(belief("red", 0, 0, 0), belief("blue", 0, 0, 0));
  const q = randomAngles(nq, new Rng(4));
  const at = (p: Float64Array, J?: Float64Array): Float64Array => {
    const r = new Float64Array(goal.dim);
    goal.evaluate(arm.instant(p, from), r, J);
    return r;
  };
  const J = new Float64Array(goal.dim * nq).fill(NaN);
  at(q, J);
  for (let j = 0; j < nq; j++) {
    const [plus, minus] = [1e-6, -1e-6].map((d) => at(q.map((x, k) => (k === j ? x + d : x))));
    for (let i = 0; i < goal.dim; i++) assert.ok(Math.abs((plus[i] - minus[i]) / 2e-6 - J[i * nq + j]) < 1e-3);
  }
});

test(
  "pictures: grey, colour and transparency read as RGB, " + "from the task's own folder; all else is told at its place",
  () => {
    const grey = Uint8Array.from({ length: 48 }, (_, i) => 5 * i);
    assert.deepEqual(
      readPng(write("grey.png", { width: 8, height: 6, data: grey, channels: 1 })).data,
      Uint8Array.from({ length: 144 }, (_, i) => grey[Math.floor(i / 3)]),
    );
    const rgba = Uint8Array.from({ length: 192 }, (_, i) =>
      i % 4 === 3 ? 0 : pixels[3 * Math.floor(i / 4) + (i % 4)],
    );
    assert.deepEqual(readPng(write("rgba.png", { width: 8, height: 6, data: rgba, channels: 4 })).data, pixels);
    const png = readFileSync(join(folder, "goal.png"));
    write("small.png", { width: 4, height: 6, data: new Uint8Array(72) });
    write("deep.png", { width: 8, height: 6, data: new Uint16Array(144), depth: 16, channels: 3 });
    write("cut.png", png.subarray(0, png.length - 30));
    write("text.png", Buffer.from("no picture at all, but longer than a PNG's head is"));
    const vast = Uint8Array.from(png);
    new DataView(vast.buffer).setUint32(16, 1 << 30);
    write("vast.png", vast);
    const told = (goal: string, reason: RegExp, a = agent): void =>
      assert.throws(
        () => bind(goal, a),
        (e) =>
          e instanceof BindError && reason.test(e.message) && e.message.startsWith(`${join(folder, "task.yaml")}:1:`),
      );
    for (const [file, reason] of [
      ["none.png", /got no readable file \(ENOENT\)/],
      [".", /not a file/],
      ["small.png", /got 4 × 6 pixels, want 8 × 6/],
      ["deep.png", /got 16 bits a colour/],
      ["cut.png", /damaged/],
      ["text.png", /got no PNG file/],
      ["vast.png", /got 1073741824 × 6 pixels, want at most/],
    ] as const)
      told(`{ goal_image: { path: ${file} } }`, new RegExp(`goal\\[0\\]\\.goal_image\\.path: .*${reason.source}`));
    told(
      "{ goal_image: { path: goal.png, camera: wrist } }",
      /goal_image\.camera: got the camera 'wrist', want 'camera'/,
    );
    told("{ goal_image: { path: goal.png } }", /no world model of this agent predicts images/, {
      ...agent,
      images: undefined,
    });
  },
);

test("1,000 damaged pictures are read or refused by a BindError, nothing else", () => {
  const rng = new Rng(8);
  const png = readFileSync(join(folder, "goal.png"));
  let refused = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = Uint8Array.from(png.subarray(0, i % 3 === 0 ? rng.bits() % png.length : png.length));
    for (let n = rng.bits() % 4; n >= 0 && bytes.length > 0; n--) bytes[rng.bits() % bytes.length] = rng.bits();
    const file = write("damaged.png", bytes);
    try {
      readPng(file);
    } catch (error) {
      assert.ok(error instanceof BindError && error.message.startsWith(file), String(error));
      refused++;
    }
  }
  assert.ok(refused > 700);
});

test(
  "latent distance: zero at the goal, one where every number is a spread away, " +
    "in any linear metric the norm, and the mean over draws",
  () => {
    const rng = new Rng(9);
    const std = [0.5, 2, 1];
    const goal = Float32Array.of(1, -1, 3);
    const [K, H, S] = [4, 3, 5];
    const r = new OracleArm(3, 1).rollouts(K, H, 2, rng, stateWith(), [], 3, S);
    const of = (o: { running: number; terminal: number }, x = r): Float64Array => {
      const out = new Float64Array(x.K);
      new LatentDistance(goal, LatentDistance.bySpread(std), o).evaluate(x, out, x.K);
      return out;
    };
    const M = [
      [1, 0, -2],
      [0.5, 3, 0],
    ]; // any metric: of the whole difference, not of its parts
    const far = (i: number): number =>
      Math.hypot(...M.map((row) => row.reduce((sum, m, d) => sum + m * (r.z[3 * i + d] - goal[d]), 0)));
    const out = new Float64Array(K);
    new LatentDistance(goal, M, { running: 0, terminal: 1 }).evaluate(r, out, K);
    for (let k = 0; k < K; k++) {
      let want = 0;
      for (let s = 0; s < S; s++) want += far((k * S + s) * (H + 1) + H) / S;
      assert.ok(Math.abs(out[k] - want) < 1e-9);
    }
    const e = (i: number): number =>
      Math.sqrt(std.reduce((sum, s, d) => sum + ((r.z[3 * i + d] - goal[d]) / s) ** 2, 0) / 3);
    for (let k = 0; k < K; k++) {
      let want = 0;
      for (let s = 0; s < S; s++)
        for (let h = 1; h <= H; h++) want += ((h === H ? 7 : 0) + 2 * r.dt) * e((k * S + s) * (H + 1) + h);
      assert.ok(Math.abs(of({ running: 2, terminal: 7 })[k] - want / S) < 1e-9);
    }
    for (let i = 0; i < r.z.length; i++) r.z[i] = goal[i % 3];
    assert.ok(of({ running: 1, terminal: 1 }).every((x) => x === 0));
    for (let i = 0; i < r.z.length; i++) r.z[i] = goal[i % 3] + std[i % 3];
    for (const x of of({ running: 0, terminal: 1 })) assert.ok(Math.abs(x - 1) < 1e-6);
  },
);

test("costs over predicted objects are the mean of those over each draw alone", () => {
  const rng = new Rng(10);
  const ids = ["red", "blue"];
  const [K, H, S] = [6, 4, 3];
  const arm = new OracleArm(nq, 3);
  const all = arm.rollouts(K, H, 2, rng, stateWith(), ids, 2, S);
  const one = arm.rollouts(K, H, 2, new Rng(0), stateWith(), ids, 2, 1);
  for (const name of ["q", "v", "tool"] as const) one[name].set(all[name]);
  const row = (H + 1) * 6;
  const options = { scale: 0.05, nearness: 0.5, standoff: 0.06, running: 1, terminal: 2 };
  for (const term of [
    new ResidualCost(createGoal(bind("{ object_at: { object: blue, position: [0.1, 0.2] } }").goal[0], context)),
    new ObjectDistance(Float64Array.of(0.3, 0, 0, 0.4, 0.1, 0), Float64Array.of(0.02, 0.02), options),
  ]) {
    const [got, mean, out] = [new Float64Array(K), new Float64Array(K), new Float64Array(K)];
    term.evaluate(all, got, K);
    for (let s = 0; s < S; s++) {
      for (let k = 0; k < K; k++)
        one.objects.set(all.objects.subarray((k * S + s) * row, (k * S + s + 1) * row), k * row);
      term.evaluate(one, out, K);
      for (let k = 0; k < K; k++) mean[k] += out[k] / S;
    }
    for (let k = 0; k < K; k++) assert.ok(Math.abs(got[k] - mean[k]) < 1e-9 * Math.max(1, mean[k]));
    assert.ok(new Set(got).size === K);
  }
});

test(
  "an object nearer to its goal than can be told asks for nothing, " +
    "wherever the tool is; farther, for more the farther",
  () => {
    const r = new OracleArm(nq, 4).rollouts(5, 3, 2, new Rng(11), stateWith(), ["red"], 2, 1);
    const term = new ObjectDistance(Float64Array.of(0.4, 0.1, 0), Float64Array.of(0.02), {
      scale: 0.05,
      nearness: 0.5,
      standoff: 0.06,
      running: 1,
      terminal: 2,
    });
    const out = new Float64Array(5);
    const at = (d: number): Float64Array => {
      for (let i = 0; i < r.objects.length; i += 3) r.objects.set([0.4 + d, 0.1, 0], i);
      term.evaluate(r, out, 5);
      return out.slice();
    };
    assert.deepEqual([...at(0.0199)], [0, 0, 0, 0, 0]);
    const [near, far] = [at(0.03), at(0.06)];
    for (let k = 0; k < 5; k++) assert.ok(near[k] > 0 && far[k] > near[k]);
  },
);

test(
  "a goal picture asks only for objects that it shows clearly; " +
    "where it shows none and only objects are asked for, for all",
  async () => {
    const [red, blue] = percept.objects;
    const hidden = { ...percept, objects: [red, { ...blue, std: 0.2 }] };
    const none = { ...percept, objects: [red, blue].map((o) => ({ ...o, std: 0.2 })) };
    const asked = async (match: string, shown: Percept): Promise<string[]> => {
      const { goal } = await seeGoals(bind(`{ goal_image: { path: goal.png, match: ${match} } }`), async () => shown);
      return (goal[0].spec as { seen: Percept }).seen.objects.map((o) => o.id);
    };
    assert.deepEqual(await asked("all", percept), ["red", "blue"]);
    assert.deepEqual(await asked("all", hidden), ["red"]);
    assert.deepEqual(await asked("all", none), []);
    assert.deepEqual(await asked("objects", none), ["red", "blue"]);
  },
);
