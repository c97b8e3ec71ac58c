import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { describeRobot, reportRobot } from "../../src/cli/RobotReport.js";
import { loadRobotConfig } from "../../src/config/index.js";
import { capsuleDistance } from "../../src/core/geometry/capsuleDistance.js";
import { Rng } from "../../src/core/math/Rng.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { Kinematics } from "../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { ArmByOthers, type SixName } from "./ArmByOthers.js";

const PERIOD = 0.01; // s
const LOOKS = 20_000,
  NEAREST = 200,
  // of a search: postures whose capsules are looked at, those of them that the checker is asked of, and those from
  // which steps go on,
  STARTS = 4;
const ROUNDS = 12,
  TRIES = 24; // shorter and shorter
const FAR = 0.15; // m, that the checker tells then
const EVERY = 10; // knots of a motion that the checker skips, but for the last

/** What is told of an arm's shape, and what the checker says of it. */
export interface MeasuredShape {
  readonly name: SixName;
  readonly links: number; // frames with a shape
  readonly capsules: number;
  readonly held: number; // the capsules' volume over that of the links' hulls: all together,
  readonly worst: number; // and of the worst moving frame
  readonly worstLink: string;
  readonly passage: string; // of postures drawn, those that home leads to
  readonly knot: number; // µs that the self-collision guardrail takes of a knot of a path
  readonly shown: string; // by `telos robot show`
  readonly first: number; // s, to load it; remembered:
  readonly again: number;
  readonly pairs: number; // of capsules that are kept apart; left out with proof, without:
  readonly proven: number;
  readonly unproven: number;
  // pairs of frames whose hulls were found within the clearance nowhere (nearest, m), which the capsules (nearest, m)
  // shut off in so many postures
  readonly always: readonly {
    readonly links: string;
    readonly shut: number;
    readonly least: number;
    readonly near: number;
  }[];
  readonly clear: number; // postures without hulls nearer than the clearance
  readonly shut: number; // of these, those that the capsules shut off
  readonly by: Readonly<Record<string, number>>; // and between which frames
  readonly unseen: readonly string[]; // links whose triangles meet in a posture that the guardrail lets pass
  readonly motions: number;
  readonly evaluated: number; // postures of motions
  readonly hulls: readonly string[]; // hulls of slices that met in a motion, triangles apart
  readonly touches: readonly string[]; // links whose triangles met in a motion
}

/**
 * Loads an arm as a user would, with nothing remembered, and again; draws postures, and motions that go on in a
 * straight line as fast as the arm can until its self-collision guardrail lets them no farther.
 */
export async function measureShape(
  name: SixName,
  { postures, motions, seed = 1 }: { postures: number; motions: number; seed?: number },
): Promise<MeasuredShape> {
  const others = new ArmByOthers(name),
    before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = others.folder;
  try {
    const load = (): { setup: AgentSetup; took: number } => {
      const began = performance.now(),
        setup = loadSetup({ robot: others.robot, agent: "default", scene: "empty" });
      return { setup, took: (performance.now() - began) / 1000 };
    };
    const { setup, took: first } = load(),
      { took: again } = load(),
      { arm } = setup,
      clearance = setup.agent.guardrails.self_clearance;
    const robot = loadRobotConfig(others.robot),
      report = reportRobot(
        { urdf: parseUrdf(readFileSync(robot.urdf!, "utf8")), arm, robot, file: robot.urdf!, fixed: [], took: first },
        armOptions(robot),
      );
    const shapes = report.frames.filter((s) => s.own > 0),
      moving = shapes.filter((s) => s.link !== arm.base).sort((a, b) => b.held / b.own - a.held / a.own)[0];
    const rng = new Rng(seed),
      draw = (): number[] => Array.from({ length: arm.nq }, (_, j) => rng.range(arm.limits.lo[j], arm.limits.hi[j]));
    const ask = (q: readonly (readonly number[])[], near: number, exact: boolean): ReturnType<ArmByOthers["near"]> =>
      others.near(arm.base, arm.jointNames, q, near, exact);

    /**
     * How near the hulls of two frames come, by the checker: in postures where their capsules are nearest, and from the
     * nearest of these by steps drawn about the best so far, ever shorter.
     */
    const sought = async (pair: string, from: readonly number[]): Promise<number> => {
      const asked = async (tried: readonly (readonly number[])[]): Promise<{ d: number; q: readonly number[] }[]> =>
        (await others.near(arm.base, arm.jointNames, tried, FAR, false, pair.split(" ").map(Number)))
          .map((n) => ({ d: n.distance, q: tried[n.k] }))
          .sort((x, y) => x.d - y.d);
      const looked = Array.from({ length: LOOKS }, draw)
        .map((q) => ({ q, d: distance(q).get(pair)! }))
        .sort((x, y) => x.d - y.d);
      const found = await asked([from, ...looked.slice(0, NEAREST).map(({ q }) => q)]);
      let nearest = found[0]?.d ?? Infinity;
      for (const start of found.slice(0, STARTS))
        for (let round = 0, at = start; round < ROUNDS && nearest >= clearance; round++) {
          const tried = Array.from({ length: TRIES }, () =>
            at.q.map((x, j) =>
              Math.max(arm.limits.lo[j], Math.min(arm.limits.hi[j], x + rng.normal() * 0.4 * 0.75 ** round)),
            ),
          );
          const best = (await asked(tried))[0];
          if (best !== undefined && best.d < at.d) at = best;
          nearest = Math.min(nearest, at.d);
        }
      return nearest;
    };

    const drawn = Array.from({ length: postures }, draw),
      near = await ask(drawn, clearance, true),
      distance = frameDistances(setup);
    const nearBy = new Map<number, Set<string>>(),
      least = new Map<string, number>(),
      shutBy = new Map<string, number>();
    for (const n of near)
      ((nearBy.get(n.k) ?? nearBy.set(n.k, new Set()).get(n.k)!).add(`${n.a} ${n.b}`),
        least.set(`${n.a} ${n.b}`, Math.min(n.distance, least.get(`${n.a} ${n.b}`) ?? Infinity)));
    const deepest = new Map<string, { d: number; q: readonly number[] }>();
    const by: Record<string, number> = {};
    let clear = 0,
      shut = 0;
    const unseen = new Set<string>();
    drawn.forEach((q, k) => {
      const found = distance(q);
      for (const [pair, d] of found)
        if (d < clearance)
          (shutBy.set(pair, (shutBy.get(pair) ?? 0) + 1),
            !(d >= (deepest.get(pair)?.d ?? Infinity)) && deepest.set(pair, { d, q }));
      const free = [...found.values()].every((d) => d >= clearance);
      if (nearBy.has(k)) {
        if (free) for (const n of near) if (n.k === k && n.meet) unseen.add(n.links);
      } else {
        clear++;
        if (!free) shut++;
        for (const [pair, d] of found) if (d < clearance) by[pair] = (by[pair] ?? 0) + 1;
      }
    });
    const always = [];
    for (const [pair, n] of shutBy) {
      if (least.has(pair)) continue;
      const { d, q } = deepest.get(pair)!,
        found = await sought(pair, q);
      if (found >= clearance)
        always.push({
          links: pair
            .split(" ")
            .map((f) => arm.linkNames[Number(f)])
            .join(" and "),
          shut: n,
          least: d,
          near: found,
        });
    }

    const ways = Array.from({ length: motions }, () => motion(setup, draw)),
      evaluated = ways.flatMap((way) => way.filter((_, k) => k === way.length - 1 || k % EVERY === 0));
    const met = await ask(evaluated, 0, true);
    return {
      name,
      links: shapes.length,
      capsules: arm.capsules.length,
      first,
      again,
      passage: `${arm.passage!.joined} of ${arm.passage!.sampled}`,
      knot: knotTime(setup, draw),
      shown: describeRobot(report),
      held: shapes.reduce((s, x) => s + x.held, 0) / shapes.reduce((s, x) => s + x.own, 0),
      worst: moving.held / moving.own,
      worstLink: moving.link,
      pairs: arm.selfPairs.length / 2,
      proven: arm.excludedPairs!.filter((p) => p.why === "proven never to meet").length,
      unproven: arm.excludedPairs!.filter((p) => p.unproven).length,
      always,
      clear,
      shut,
      by,
      unseen: [...unseen],
      motions: ways.length,
      evaluated: evaluated.length,
      hulls: tell(met.filter((m) => !m.meet)),
      touches: tell(met.filter((m) => m.meet)),
    };
  } finally {
    others.close();
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }

  function tell(met: readonly { links: string; distance: number }[]): string[] {
    return [...new Set(met.map((m) => m.links))].map(
      (links) =>
        `${links} ${met.filter((m) => m.links === links).length} x, ` +
        `${(-1000 * Math.min(...met.filter((m) => m.links === links).map((m) => m.distance))).toFixed(1)} mm`,
    );
  }
}

/** Of a posture, the least distance of the capsules of each two frames that the guardrail keeps apart, m. */
function frameDistances({ arm }: AgentSetup): (q: readonly number[]) => Map<string, number> {
  const kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * arm.capsules.length),
    { capsules, selfPairs } = arm;
  return (q) => {
    const found = new Map<string, number>();
    kinematics.forward(Float64Array.from(q), 0);
    kinematics.writeCapsules(ends, 0);
    for (let p = 0; p < selfPairs.length; p += 2) {
      const [a, b] = [selfPairs[p], selfPairs[p + 1]],
        pair = [capsules[a].link, capsules[b].link].sort((x, y) => x - y).join(" ");
      found.set(
        pair,
        Math.min(
          found.get(pair) ?? Infinity,
          capsuleDistance(ends, 6 * a, capsules[a].radius, ends, 6 * b, capsules[b].radius),
        ),
      );
    }
    return found;
  };
}

/**
 * Knots, a control period apart, of a straight line at full speed from one posture drawn toward another, as far as the
 * guardrail lets it.
 */
function motion(setup: AgentSetup, draw: () => number[]): number[][] {
  const { arm } = setup,
    sweep = new Sweep(arm),
    guardrail = buildGuardrails(setup).find((g) => g.name === "self_collision")!;
  for (;;) {
    const from = draw(),
      to = draw(),
      time = Math.max(...from.map((x, j) => Math.abs(to[j] - x) / arm.limits.velocity[j])),
      K = Math.max(1, Math.floor(time / PERIOD));
    const r = new Rollouts({ K, H: 1, substeps: 1, dt: PERIOD, nu: arm.nq, nq: arm.nq, nc: sweep.nc }),
      margin = new Float64Array(K);
    const at = (k: number): number[] => from.map((x, j) => x + ((to[j] - x) * k) / K);
    for (let k = 0; k < K; k++) r.q.set([...at(k), ...at(k + 1)], 2 * k * arm.nq);
    for (let i = 0; i < r.v.length; i++) r.v[i] = (to[i % arm.nq] - from[i % arm.nq]) / (K * PERIOD);
    sweep.fill(r);
    guardrail.margin(r, margin, K);
    const end = margin.findIndex((m) => !(m >= 0)),
      knots = end < 0 ? K : end;
    if (knots > 0) return Array.from({ length: knots + 1 }, (_, k) => at(k));
  }
}

/** µs that the self-collision guardrail and the kinematics before it take of a knot, at best. */
function knotTime(setup: AgentSetup, draw: () => number[]): number {
  const { arm } = setup,
    sweep = new Sweep(arm),
    guardrail = buildGuardrails(setup).find((g) => g.name === "self_collision")!,
    K = 100;
  const r = new Rollouts({ K: 1, H: K - 1, substeps: 1, dt: PERIOD, nu: arm.nq, nq: arm.nq, nc: sweep.nc }),
    margin = new Float64Array(1);
  let best = Infinity;
  for (let n = 0; n < 200; n++) {
    const from = draw(),
      to = draw();
    for (let k = 0; k < K; k++)
      for (let j = 0; j < arm.nq; j++)
        ((r.q[k * arm.nq + j] = from[j] + (0.2 * (to[j] - from[j]) * k) / K),
          (r.v[k * arm.nq + j] = (0.2 * (to[j] - from[j])) / (K * PERIOD)));
    const began = performance.now();
    sweep.fill(r);
    guardrail.margin(r, margin, 1);
    best = Math.min(best, performance.now() - began);
  }
  return (1000 * best) / K;
}
