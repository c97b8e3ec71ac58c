import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { Cem } from "../../src/planner/search/Cem.js";
import { Mppi } from "../../src/planner/search/Mppi.js";
import type { Problem, Search, SearchOptions } from "../../src/planner/search/Search.js";
import type { PopulationOptions } from "../../src/planner/search/searchBranches.js";

const population: PopulationOptions = {
  samples: 200,
  iterations: 40,
  branches: 1,
  noise: 0.5,
  min_noise: 1e-4,
  smoothing: 0,
  bridge: false,
  tolerance: 1e-6,
  patience: 8,
};
const searches = (options: Partial<PopulationOptions> = {}): readonly (readonly [string, Search])[] => [
  ["CEM", new Cem({ ...population, ...options, elites: 0.1 })],
  ["MPPI", new Mppi({ ...population, ...options, temperature: 0.1 })],
];

function problem(
  H: number,
  nu: number,
  energyOf: (a: Float32Array) => number,
  onEvaluate: (K: number) => void = () => undefined,
): Problem {
  const K = 256;
  const p: Problem = {
    H,
    nu,
    K,
    a: new Float32Array(K * H * nu),
    energy: new Float64Array(K),
    evaluate: (count) => {
      onEvaluate(count);
      for (let k = 0; k < count; k++) p.energy[k] = energyOf(p.a.subarray(k * H * nu, (k + 1) * H * nu));
    },
  };
  return p;
}

const options = (
  seed: number,
  proposals: readonly Float32Array[],
  extra: Partial<SearchOptions> = {},
): SearchOptions => ({
  proposals: (round) => (round === 0 ? proposals : undefined),
  rng: new Rng(seed),
  clock: { now: () => 0 },
  deadline: Infinity,
  limit: 1e6,
  ...extra,
});

const quadratic =
  (target: Float32Array) =>
  (a: Float32Array): number =>
    a.reduce((s, x, i) => s + (x - target[i]) ** 2, 0);

describe("search", () => {
  for (const [name, search] of searches()) {
    it(`${name} finds the minimum of a convex energy from any start inside the box`, async () => {
      for (let seed = 0; seed < 10; seed++) {
        const rng = new Rng(seed);
        const target = Float32Array.from({ length: 8 }, () => rng.range(-0.8, 0.8));
        const start = Float32Array.from({ length: 8 }, () => rng.range(-1, 1));
        const { a, energy } = await search.minimise(problem(4, 2, quadratic(target)), options(seed, [start]));
        assert.ok(energy < 0.02 * quadratic(target)(start), `seed ${seed}: ${energy}`);
        assert.ok(a.every((x) => x >= -1 && x <= 1));
      }
    });

    it(`${name} finds the minimum on the border of the box where the energy falls beyond it`, async () => {
      const { a } = await search.minimise(
        problem(3, 1, quadratic(Float32Array.of(2, -3, 0.5))),
        options(1, [new Float32Array(3)]),
      );
      assert.ok(Math.abs(a[0] - 1) < 0.03 && Math.abs(a[1] + 1) < 0.03 && Math.abs(a[2] - 0.5) < 0.05, `${a}`);
    });

    it(`${name} is never worse than its best proposal, and tells the energy of what it returns`, async () => {
      for (let seed = 0; seed < 20; seed++) {
        const rng = new Rng(100 + seed);
        const wild = (a: Float32Array): number => a.reduce((s, x, i) => s + Math.sin(37 * x + i) + x * x, 10);
        const proposals = Array.from({ length: 5 }, () => Float32Array.from({ length: 6 }, () => rng.range(-1, 1)));
        const { a, energy } = await search.minimise(problem(3, 2, wild), options(seed, proposals));
        assert.ok(energy <= Math.min(...proposals.map(wild)));
        assert.equal(energy, wild(a));
      }
    });

    it(`${name} gives the same solution for the same seed, bit for bit, and another for another`, async () => {
      const wild = (a: Float32Array): number => a.reduce((s, x) => s + Math.cos(9 * x) + x * x, 10);
      const run = (seed: number) => search.minimise(problem(5, 2, wild), options(seed, [new Float32Array(10)]));
      const [x, y, z] = await Promise.all([run(3), run(3), run(4)]);
      assert.deepEqual(x, y);
      assert.notDeepEqual(x.a, z.a);
    });

    it(`${name} only loses iterations to a deadline, and answers even if it has passed`, async () => {
      let now = 0;
      const slow = problem(2, 1, quadratic(Float32Array.of(0.3, -0.3)), () => (now += 1));
      const clock = { now: () => now };
      const full = await search.minimise(
        problem(2, 1, quadratic(Float32Array.of(0.3, -0.3))),
        options(5, [new Float32Array(2)]),
      );
      const cut = await search.minimise(slow, options(5, [new Float32Array(2)], { clock, deadline: 4 }));
      assert.ok(cut.iterations < full.iterations && cut.iterations >= 1);
      assert.ok(cut.energy >= full.energy);
      const none = await search.minimise(slow, options(5, [Float32Array.of(0.3, -0.3)], { clock, deadline: -1 }));
      assert.equal(none.iterations, 0);
      assert.ok(none.energy < 1e-12);
    });

    it(`${name} goes on for longer while nothing admissible is known than when it is`, async () => {
      const never = await search.minimise(
        problem(2, 1, () => 2e6),
        options(6, [new Float32Array(2)]),
      );
      const flat = await search.minimise(
        problem(2, 1, () => 1),
        options(6, [new Float32Array(2)]),
      );
      assert.equal(flat.iterations, population.patience);
      assert.equal(never.iterations, 4 * population.iterations);
    });
  }

  for (const [name, several] of searches({ branches: 2, noise: 0.15, patience: 3 })) {
    it(`${name} with branches takes the better of two ways round, whichever of them was proposed first`, async () => {
      // Two valleys with a wall between them: the path of the tool passes it on the left or on the right.
      const valley =
        (depthLeft: number, depthRight: number) =>
        (a: Float32Array): number => {
          const side = a.reduce((s, x) => s + x, 0) / a.length;
          const left = a.reduce((s, x) => s + (x + 0.6) ** 2, 0) + depthLeft;
          const right = a.reduce((s, x) => s + (x - 0.6) ** 2, 0) + depthRight;
          return Math.abs(side) < 0.2 ? 1e6 + 1 : Math.min(left, right);
        };
      const proposals = [new Float32Array(4).fill(-0.4), new Float32Array(4).fill(0.4)];
      for (const order of [proposals, [...proposals].reverse()]) {
        const left = await several.minimise(problem(4, 1, valley(0, 0.3)), options(1, order));
        const right = await several.minimise(problem(4, 1, valley(0.3, 0)), options(1, order));
        assert.ok(left.a.every((x) => x < 0) && right.a.every((x) => x > 0));
      }
    });
  }

  it("asks for another round of proposals only as long as none is admissible", async () => {
    const asked: number[] = [];
    const proposals = (round: number): Float32Array[] | undefined => {
      asked.push(round);
      return round > 3 ? undefined : [new Float32Array(2).fill(round < 2 ? 0 : 0.9)];
    };
    const blocked = (a: Float32Array): number => (a[0] < 0.5 ? 2e6 : 1);
    await searches()[0][1].minimise(problem(2, 1, blocked), { ...options(1, []), proposals });
    assert.deepEqual(asked, [0, 1, 2]);
  });
});
