import assert from "node:assert/strict";
import { test } from "node:test";
import { Calibration } from "../../src/evaluation/worldmodel/Calibration.js";
import { overSeeds } from "../../src/evaluation/worldmodel/overSeeds.js";
import type { WorldModelReport } from "../../src/evaluation/worldmodel/runBench.js";
import { collapseTable, raceTable } from "../../src/evaluation/worldmodel/table.js";
import { Rng } from "../../src/core/math/Rng.js";

const LEVELS = [0.5, 0.9];

/** Forecasts of S Gaussians drawn anew each time, and truths drawn from them with σ times `boldness`. */
function played(S: number, boldness: number, seed: number): Calibration {
  const rng = new Rng(seed),
    calibration = new Calibration(new Rng(seed + 1));
  for (let i = 0; i < 3000; i++) {
    const mean = Float64Array.from({ length: 2 * S }, () => rng.range(-0.1, 0.1)),
      sigma = Float64Array.from({ length: 2 * S }, () => rng.range(0.001, 0.05));
    const k = 2 * Math.floor(rng.uniform() * S);
    calibration.add(
      mean,
      sigma,
      [0, 1].map((c) => mean[k + c] + boldness * sigma[k + c] * rng.normal()),
    );
  }
  return calibration;
}

test(
  "truths drawn from the forecast itself lie in its regions as often as these say, " + "be it one Gaussian or several",
  () => {
    for (const S of [1, 2, 8])
      for (const c of LEVELS) {
        const { share } = played(S, 1, 10 * S).coverage(c);
        assert.ok(Math.abs(share - c) < 4 * Math.sqrt((c * (1 - c)) / 3000), `${S} Gaussians: ${share} of ${c}`);
      }
  },
);

test(
  "a forecast that is too bold holds fewer truths, " + "one too careful more; one Gaussian's regions are its ellipses",
  () => {
    for (const c of LEVELS)
      for (const boldness of [0.5, 2]) {
        const { share } = played(1, boldness, 5).coverage(c);
        const wanted = 1 - (1 - c) ** (1 / boldness ** 2); // P(χ²₂ < −2 ln(1 − c) / b²)
        assert.ok(Math.abs(share - wanted) < 0.04, `boldness ${boldness}: ${share}, want ${wanted}`);
      }
  },
);

test("a mean over seeds has an interval that holds the true one 95 times in 100, and none for one seed", () => {
  const rng = new Rng(3);
  for (const n of [2, 3, 5, 10]) {
    let held = 0;
    for (let i = 0; i < 4000; i++) {
      const { mean, half } = overSeeds(Array.from({ length: n }, () => 7 + 3 * rng.normal()));
      if (Math.abs(mean - 7) <= half) held++;
    }
    assert.ok(Math.abs(held / 4000 - 0.95) < 0.015, `${n}: ${held / 4000}`);
  }
  assert.deepEqual(overSeeds([4, NaN]), { n: 1, mean: 4, half: NaN });
});

test("models that differ by their seed are one row, and what no training measured is left open", () => {
  const metrics = {
    "sigreg-s1": { "effective rank": 10 },
    "none-s1": { "effective rank": 1 },
    "sigreg-s2": { "effective rank": 12 },
    pucks: {},
  };
  const [, ...rows] = collapseTable({ metrics, cells: [] } as unknown as WorldModelReport);
  assert.deepEqual(
    rows.map((r) => r.slice(0, 3)),
    [
      ["sigreg", "2", "11.0 ± 12.7"],
      ["none", "1", "1.0"],
      ["pucks", "1", "–"],
    ],
  );
});

test("whoever is faster has more: a ratio above one is the agent's gain", () => {
  const pace = (p50: number): { p50: number; rollouts: number } => ({ p50, rollouts: 960 / p50 });
  const races = [
    {
      model: "a",
      agent: [0.1, 0.2, 0.1].map(pace),
      plain: [0.1, 0.1, 0.1].map(pace),
      pytorch: [0.2, 0.2, 0.3].map(pace),
      skipped: "",
    },
    { model: "b", agent: [], plain: [], pytorch: [], skipped: "no Python" },
  ];
  const [, a, plain, b] = raceTable({ races } as unknown as WorldModelReport);
  assert.deepEqual([a[4], a[7]], ["2.00 × (1.00–3.00, n 3)", "2.00 × (1.00–3.00, n 3)"]);
  assert.deepEqual([plain[1], plain[4]], ["spared the same", "2.00 × (2.00–3.00, n 3)"]);
  assert.match(b.join(" "), /skipped: no Python/);
});
