import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Command } from "../../../src/core/Command.js";
import type { Plan } from "../../../src/core/Plan.js";

/** A folder that goes with the test. */
export function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "telos-memory-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const jointNames = ["a", "b"];
export const limits = { keep: 20, size: 1e9 };

/** A command whose numbers tell its stamp. */
export function command(stamp: number, N = 30): Command {
  const q = Float64Array.from({ length: N * 2 }, (_, i) => stamp + i / 3);
  return { stamp, dt: 0.01, N, nq: 2, q, v: q.map((x) => -x) };
}

export function plan(level: string, stamp: number): Plan {
  return {
    level,
    stamp,
    dt: 0.1,
    H: 1,
    substeps: 1,
    nu: 2,
    nq: 2,
    a: Float32Array.of(0.5, -0.5),
    q: Float64Array.of(0, 0, 1, 1),
    v: new Float64Array(4),
    z: new Float32Array(0),
    energy: Infinity,
    energies: { travel: 1 / 3 },
    feasible: false,
    iterations: 3,
    rollouts: 7,
    time: 0.01,
  };
}
