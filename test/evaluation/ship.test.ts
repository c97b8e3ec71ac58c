import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { closedLoop, closedLoopGates } from "../../src/evaluation/worldmodel/closedLoop.js";
import { OWN } from "../../src/evaluation/worldmodel/drawViews.js";
import { nameOf } from "../../src/evaluation/worldmodel/policies.js";
import type { Cell, WorldModelReport } from "../../src/evaluation/worldmodel/runBench.js";
import { ship, waits } from "../../src/evaluation/worldmodel/ship.js";
import { wilson } from "../../src/evaluation/worldmodel/wilson.js";
import { packageRoot } from "../../src/config/index.js";
import { loadModel } from "../../src/worldmodel/learned/onnx/index.js";

const cell = (kind: Cell["kind"], policy: string, successes: number, view = OWN): Cell => ({
  model: "m",
  policy,
  kind,
  view,
  success: wilson(successes, 20),
  plan: { p50: 0, p99: 0, rollouts: 0 },
  distance: { p50: 0, p90: 0 },
  before: 0,
  faults: 0,
});
function report(pushes: number, reaches: number, one: number, five: number): WorldModelReport {
  const size = { rms: 0, median: 0 };
  const planned = [
    [1, one],
    [3, 9],
    [5, five],
  ].map(([ahead, ratio]) => ({ ahead, windows: 9, flung: 0, model: size, persistence: size, ratio }));
  const read = { rmse: 0, spread: 1, ratio: 0 };
  return {
    machine: { cores: 2, load: 0, node: "" },
    options: {
      models: ["m"],
      episodes: 20,
      oracle: 3,
      moved: 0,
      recorded: 20,
      race: 0,
      steps: 15,
      world: "pucks",
      seed: 2,
      out: "",
    },
    cells: [
      cell("push", "random", 0),
      cell("push", "true dynamics, true poses", 20),
      cell("push", nameOf("read-outs"), pushes),
      cell("reach", nameOf("read-outs"), reaches),
      cell("push", nameOf("latents"), 1),
      cell("push", nameOf("read-outs"), 0, "another view"),
    ],
    diagnoses: [
      {
        model: "m",
        explored: planned.map((p) => ({ ...p, ratio: 0 })),
        planned,
        coverage: [],
        readOut: { objects: read, tool: read },
      },
    ],
    races: [],
    metrics: {},
    took_s: 0,
  };
}

test(
  "a model ships iff its read-outs' pushes, " +
    "reaches and prediction of its own plans all are good enough; no other policy, view or action counts",
  () => {
    for (const pushes of [13, 14])
      for (const reaches of [17, 18])
        for (const one of [2.9, 3])
          for (const five of [1.4, 1.5]) {
            const missed = [
              pushes < 14 && "pushes",
              reaches < 18 && "reaches",
              one < 3 && "1 steps",
              five < 1.5 && "5 steps",
            ].filter((x) => x !== false);
            const told = closedLoopGates(closedLoop(report(pushes, reaches, one, five)));
            assert.equal(told.length, missed.length);
            missed.forEach((what, i) => assert.ok(told[i].includes(what), `${told[i]}: ${what}`));
          }
  },
);

test("the ladder is among the metrics, rung by rung", () => {
  const {
    "closed loop: push, true dynamics, true poses": oracle,
    [`closed loop: push, ${nameOf("latents")}`]: latents,
  } = closedLoop(report(14, 18, 3, 2));
  assert.deepEqual([oracle, latents], [1, 0.05]);
});

test(
  "a candidate of which nothing was measured stays where it is; " +
    "by force it is shipped, whole, and its manifest says so",
  async () => {
    const out = mkdtempSync(join(tmpdir(), "ship-")),
      candidate = join(out, "state", "candidate"),
      nothing = { episodes: 0, oracle: 0, recorded: 0 };
    cpSync(join(packageRoot(), "models", "pucks"), candidate, { recursive: true });
    const file = join(candidate, "manifest.json"),
      manifest = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...manifest, config: { ...manifest.config, world: "pucks" } }));
    const said: string[] = [];
    assert.equal(
      await ship(
        out,
        false,
        () => {},
        (text) => said.push(text),
        nothing,
      ),
      false,
    );
    assert.ok(waits(out) && !existsSync(join(out, "manifest.json")));
    assert.equal(said.filter((line) => line.startsWith("gate: ") && line.includes("not measured")).length, 4);

    assert.equal(
      await ship(
        out,
        true,
        () => {},
        () => {},
        nothing,
      ),
      true,
    );
    assert.ok(!waits(out));
    const { manifest: shipped } = await loadModel(out); // sums and golden vectors agree
    assert.equal(shipped.forced, true);
    assert.equal((shipped.gates as string[]).length, 4);
    assert.equal((shipped.metrics as Record<string, number>)["effective rank"], manifest.metrics["effective rank"]);
    assert.equal(
      readFileSync(join(out, "golden.json"), "utf8"),
      readFileSync(join(packageRoot(), "models", "pucks", "golden.json"), "utf8"),
    );
    rmSync(out, { recursive: true });
  },
);
