import { spawn } from "node:child_process";
import { join } from "node:path";
import { loadSetup } from "../agent/setup/AgentSetup.js";
import { trackingBounds } from "../agent/robot/trackingBounds.js";
import { buildGuardrails } from "../agent/setup/buildGuardrails.js";
import { packageRoot } from "../config/index.js";
import type { Body } from "../core/Body.js";
import { Rng } from "../core/math/Rng.js";
import { SafetyFilter } from "../guardrails/filter/SafetyFilter.js";
import { viableVelocities } from "../guardrails/filter/viableVelocities.js";
import type { Arm } from "../kinematics/Arm.js";
import { TrackedBodies } from "../memory/beliefs/TrackedBodies.js";
import { Sweep } from "../kinematics/Sweep.js";
import { quantile } from "./quantile.js";
import { ruckigPython } from "./timeOptimal.js";

const DT = 0.01,
  CALLS = 20_000;
const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });
const { arm } = setup;
const START = [0, -0.5, 0, 2.3, 0, 1.2, 0]; // the scene's start posture

interface Measured {
  readonly name: string;
  readonly times: readonly number[]; // µs
  readonly note: string;
}

/** Cost of one part of the safety filter, µs per call. */
export interface FilterTime {
  readonly name: string;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly note: string;
}

/**
 * Measures the cost of the safety filter. The joint filter is compared with Ruckig's Python package, with the same
 * limits and the same requested velocities in the same run. The whole safety filter is measured in the scene `wall`
 * with a person; the requests lead from the start to random postures.
 */
export async function filterTimes(say: (text: string) => void): Promise<FilterTime[]> {
  const asked = requests(3, CALLS);
  say("the safety filter");
  const rows = [
    jointFilter(asked),
    await ruckig(asked, say),
    wholeFilter("whole safety filter, wall", arm, () => []),
    wholeFilter("whole safety filter, wall + person", arm, person),
    wholeFilter("whole safety filter, wall + 256 new ids at 30 Hz", arm, crowd()),
  ];
  return rows.map(({ name, times, note }) => ({
    name,
    mean: times.reduce((a, b) => a + b, 0) / times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
    note,
  }));
}

/** Requested velocities that push and reverse. They change in every cycle, or Ruckig would reuse its last result. */
function requests(seed: number, calls: number): number[][] {
  const rng = new Rng(seed);
  let now: number[] = [];
  return Array.from({ length: calls }, (_, i) => {
    if (i % 40 === 0) now = Array.from(arm.limits.velocity, (v) => rng.range(-1.5, 1.5) * v);
    return now.map((x) => x * rng.range(0.99, 1.01));
  });
}

function jointFilter(asked: readonly (readonly number[])[]): Measured {
  const n = arm.nq,
    q = Float64Array.from(START),
    v = new Float64Array(n),
    lower = new Float64Array(n),
    upper = new Float64Array(n),
    times: number[] = [];
  const excess = { position: 0, velocity: 0, acceleration: 0 },
    l = arm.limits,
    BATCH = 50; // reading the clock takes longer than one call
  const step = (): void => viableVelocities(lower, upper, q, v, 0, l, DT);
  for (const w of asked) {
    const began = performance.now();
    for (let i = 0; i < BATCH; i++) step();
    times.push(((performance.now() - began) * 1e3) / BATCH);
    for (let j = 0; j < n; j++) {
      const next = Math.max(lower[j], Math.min(upper[j], w[j]));
      excess.acceleration = Math.max(excess.acceleration, Math.abs(next - v[j]) / DT - l.acceleration[j]);
      q[j] += 0.5 * (v[j] + next) * DT;
      v[j] = next;
      excess.position = Math.max(excess.position, q[j] - l.hi[j], l.lo[j] - q[j]);
      excess.velocity = Math.max(excess.velocity, Math.abs(v[j]) - l.velocity[j]);
    }
  }
  return { name: "joint filter, 7 joints", times: times.slice(1000), note: told(excess) };
}

async function ruckig(asked: readonly (readonly number[])[], say: (text: string) => void): Promise<Measured> {
  const python = await ruckigPython(say);
  const { lo, hi, velocity, acceleration } = arm.limits;
  const child = spawn(python, [join(packageRoot(), "src", "evaluation", "ruckig_filter.py")], {
    env: { ...process.env, PYTHONPATH: "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (d) => (out += d));
  child.stdin.end(
    JSON.stringify({
      dt: DT,
      start: START,
      lo: [...lo],
      hi: [...hi],
      velocity: [...velocity],
      acceleration: [...acceleration],
      requests: asked,
    }),
  );
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`Ruckig ended with ${code}`);
  const { times, excess } = JSON.parse(out) as { times: number[]; excess: Excess };
  return {
    name: "Ruckig (Python), 7 joints",
    times: times.slice(1000),
    note: `${told(excess)}; it knows no position limits`,
  };
}

const person = (t: number): Body[] => [
  {
    id: "person",
    kind: "person",
    p0: [1.4, 0.3, 0],
    p1: [1.4, 0.3, 1.5],
    radius: 0.2,
    speedBound: 1.6,
    stamp: t - 0.03,
  },
];

/**
 * Simulates a tracker that gives each of 256 bodies around the arm a new id in every message. The safety filter gets
 * the bodies that the agent keeps.
 */
function crowd(): (t: number) => readonly Body[] {
  const rng = new Rng(8),
    tracked = new TrackedBodies(trackingBounds(setup));
  let told = -1,
    id = 0;
  return (t) => {
    for (; told < Math.floor(30 * t); told++) {
      const message = Array.from({ length: 256 }, (): Body => {
        const angle = rng.range(0, 2 * Math.PI),
          r = rng.range(1.5, 3),
          at = [r * Math.cos(angle), r * Math.sin(angle)] as const;
        return {
          id: `${id++}`,
          kind: "person",
          p0: [...at, 0],
          p1: [...at, 1.5],
          radius: 0.2,
          speedBound: 1.6,
          stamp: t,
        };
      });
      tracked.take((told + 1) / 30, message);
    }
    return tracked.bodies;
  };
}

/**
 * The safety filter on motions from the scene's start to random postures, many of them behind the wall or below the
 * table.
 */
function wholeFilter(name: string, of: Arm, people: (t: number) => readonly Body[]): Measured {
  const n = of.nq,
    rng = new Rng(5),
    filter = new SafetyFilter(of.limits, new Sweep(of), buildGuardrails(setup), DT),
    times: number[] = [];
  const q = Float64Array.from(START),
    v = new Float64Array(n),
    w = new Float64Array(n),
    aim = q.slice();
  let failSafe = { q: q.slice(), v: v.slice(), N: 1, i: 0 };
  const count = { pass: 0, limit: 0, stop: 0 };
  for (let i = 0; i < CALLS; i++) {
    const t = i * DT;
    if (i % 150 === 0) {
      for (let j = 0; j < n; j++) aim[j] = rng.range(0.6 * of.limits.lo[j], 0.6 * of.limits.hi[j]);
      // these requests can lead the arm to the edge of a clearance, where it would stay and the calls would be cheap
      q.set(START);
      v.fill(0);
      failSafe = { q: q.slice(), v: v.slice(), N: 1, i: 0 };
    }
    for (let j = 0; j < n; j++) w[j] = 3 * (aim[j] - q[j]);
    const bodies = people(t);
    const from = { stamp: t, q, v, objects: new Map(), bodies };
    const began = performance.now();
    const c = filter.step(t + DT, q, v, w, from);
    times.push((performance.now() - began) * 1e3);
    count[filter.verdict.kind]++;
    if (c !== undefined) ((failSafe.q = c.q.slice()), (failSafe.v = c.v.slice()), (failSafe.N = c.N), (failSafe.i = 0));
    failSafe.i = Math.min(failSafe.i + 1, failSafe.N - 1);
    for (let j = 0; j < n; j++) ((q[j] = failSafe.q[failSafe.i * n + j]), (v[j] = failSafe.v[failSafe.i * n + j]));
  }
  return {
    name,
    times: times.slice(2000),
    note: `${count.pass} passed, ${count.limit} limited, ${count.stop} on the fail-safe trajectory`,
  };
}

interface Excess {
  readonly position: number;
  readonly velocity: number;
  readonly acceleration: number;
}

function told({ position, velocity, acceleration }: Excess): string {
  const show = (x: number): string => (x <= 0 ? "0" : x.toPrecision(2));
  return `excess ${show(position)} rad, ${show(velocity)} rad/s, ${show(acceleration)} rad/s²`;
}
