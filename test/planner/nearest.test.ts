import assert from "node:assert/strict";
import { test } from "node:test";
import { buildLevel } from "../../src/agent/setup/buildLevel.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../src/core/math/Rng.js";
import { bind } from "../agent/inProcess.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";

const GOALS = Number(process.env.GOALS ?? 5); // of each kind, on each arm
const TOLERANCE = 0.01; // m, rad

/** Σ_j |Δq_j| along a path of postures, rad. */
const way = (q: ArrayLike<number>, nq: number): number =>
  Array.from({ length: q.length - nq }, (_, i) => Math.abs(q[i + nq] - q[i])).reduce((a, b) => a + b, 0);

/**
 * The nearest posture, by the sum over joints, whose tool is where it should be: damped least squares from many
 * postures, each then drawn back joint by joint. No code of the agent's.
 */
function nearest({ arm }: AgentSetup, from: Float64Array, goal: ArrayLike<number>, seed: number): number {
  const geometry = new OracleGeometry(arm),
    {
      nq,
      limits: { lo, hi },
    } = arm,
    rng = new Rng(seed);
  const tool = (q: Float64Array): number[] => [3, 7, 11].map((i) => geometry.place(q).tool[i]);
  const clip = (q: Float64Array): Float64Array => q.map((x, j) => Math.max(lo[j], Math.min(hi[j], x)));
  const reach = (start: Float64Array, still: ReadonlySet<number>): Float64Array | undefined => {
    let q = clip(start);
    for (let i = 0; i < 40; i++) {
      const p = tool(q),
        off = p.map((x, c) => goal[c] - x);
      if (Math.hypot(...off) < 0.9 * TOLERANCE) return q;
      const J = Array.from({ length: nq }, (_, j) =>
        still.has(j) ? [0, 0, 0] : tool(q.map((x, k) => x + (k === j ? 1e-6 : 0))).map((x, c) => (x - p[c]) / 1e-6),
      );
      const M = [0, 1, 2].map((a) =>
        [0, 1, 2].map((b) => J.reduce((sum, col) => sum + col[a] * col[b], a === b ? 1e-3 : 0)),
      );
      const y = solve3(M, off);
      q = clip(
        q.map(
          (x, j) =>
            x +
            Math.max(
              -0.3,
              Math.min(
                0.3,
                J[j].reduce((sum, d, c) => sum + d * y[c], 0),
              ),
            ),
        ),
      );
    }
    return undefined;
  };
  const length = (q: Float64Array): number => q.reduce((sum, x, j) => sum + Math.abs(x - from[j]), 0);
  let best = Infinity;
  for (let start = 0; start < 8; start++) {
    let q = reach(
      from.map((x) => x + (start === 0 ? 0 : rng.normal() * 0.5)),
      new Set(),
    );
    if (q === undefined) continue;
    for (let i = 0; i < 12; i++) {
      const still = new Set(Array.from({ length: nq }, (_, j) => j).filter(() => rng.uniform() < 0.35)),
        back = i % 2 === 0 ? 1 : 0.3;
      const drawn = reach(
        q.map((x, j) => x + back * (still.has(j) || back < 1 ? 1 : 0) * (from[j] - x)),
        still,
      );
      if (drawn !== undefined && length(drawn) < length(q)) q = drawn;
    }
    best = Math.min(best, length(q));
  }
  return best;
}

function solve3(M: number[][], b: readonly number[]): number[] {
  const det = (A: readonly (readonly number[])[]): number =>
    A[0][0] * (A[1][1] * A[2][2] - A[1][2] * A[2][1]) -
    A[0][1] * (A[1][0] * A[2][2] - A[1][2] * A[2][0]) +
    A[0][2] * (A[1][0] * A[2][1] - A[1][1] * A[2][0]);
  const D = det(M);
  return [0, 1, 2].map((c) => det(M.map((row, i) => row.map((x, k) => (k === c ? b[i] : x)))) / D);
}

interface Goal {
  readonly from: Float64Array;
  readonly task: string;
  readonly least: number; // rad: Σ_j |Δq_j| of the nearest posture
}

/** Goals that leave joints free, from anywhere: the tool's position alone, some joints alone. */
function draw(setup: AgentSetup, kind: "position" | "joints", seed: number): Goal {
  const { arm } = setup,
    {
      nq,
      limits: { lo, hi },
      home,
    } = arm,
    rng = new Rng(seed);
  const near = (): Float64Array =>
    home.map((x, j) => Math.max(lo[j] + 0.1, Math.min(hi[j] - 0.1, x + rng.range(-0.7, 0.7))));
  const from = near(),
    to = near();
  if (kind === "position") {
    const { tool } = new OracleGeometry(arm).place(to),
      p = [tool[3], tool[7], tool[11]];
    return {
      from,
      task: `goal: [{ tool_pose: { position: [${p.join(", ")}], tolerance: ${TOLERANCE} } }]`,
      least: nearest(setup, from, p, seed),
    };
  }
  const some = Array.from({ length: nq }, (_, j) => j).filter((j) => j === seed % nq || rng.uniform() < 0.25);
  return {
    from,
    task:
      `goal: [{ joint_positions: { ${some.map((j) => `${arm.jointNames[j]}: ${to[j]}`).join(", ")}, tolerance: ` +
      `${TOLERANCE} } }]`,
    least: some.reduce((sum, j) => sum + Math.max(0, Math.abs(to[j] - from[j]) - TOLERANCE), 0),
  };
}

for (const robot of ["arm7", "so101"]) {
  for (const kind of ["position", "joints"] as const) {
    test(
      `${robot}: of postures that satisfy a goal which leaves joints free (${kind}) the plan ends in one that is ` +
        "near, " +
        "and goes there by a short way of all joints",
      async () => {
        const setup = loadSetup({ robot, agent: "default" }),
          { nq } = setup.arm;
        let sum = 0,
          least = 0,
          worst = 0,
          duration = 0,
          n = 0;
        for (let seed = 1; n < GOALS && seed < 5 * GOALS; seed++) {
          const { from, task, least: oracle } = draw(setup, kind, seed);
          if (!(oracle > 0.1 && oracle < Infinity)) continue;
          const level = buildLevel(setup, 0, bind(setup, task), new Rng(seed));
          const state = {
            stamp: 0,
            q: from,
            v: new Float64Array(nq),
            objects: new Map(),
            bodies: [],
          };
          let t = 0;
          const { plan } = await level.replan(state, { clock: { now: () => (t += 1e-6) }, deadline: 1e9 });
          if (!plan.feasible) continue; // a start or a goal in self-collision
          n++;
          const gone = way(plan.q, nq);
          sum += gone;
          least += oracle;
          worst = Math.max(worst, gone / oracle);
          for (let i = nq; i < plan.q.length; i += nq)
            duration += Math.max(
              ...Array.from(
                { length: nq },
                (_, j) => Math.abs(plan.q[i + j] - plan.q[i + j - nq]) / setup.arm.limits.velocity[j],
              ),
            );
        }
        const figures =
          `${n} goals: way ${(sum / least).toFixed(3)} of the nearest posture's, at worst ` +
          `${worst.toFixed(2)}; ${(duration / n).toFixed(3)} s at full speed`;
        if (process.env.GOALS !== undefined) process.stdout.write(`${robot} ${kind}: ${figures}\n`);
        assert.ok(n > 0.5 * GOALS, figures);
        // of some joints the nearest posture is known exactly
        const [mean, most] = kind === "position" ? [1.3, 2] : [1.1, 1.3];
        assert.ok(sum <= mean * least && worst <= most, figures);
      },
    );
  }
}
