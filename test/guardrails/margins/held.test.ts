import assert from "node:assert/strict";
import { test } from "node:test";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { loadSetup, type AgentSetup } from "../../../src/agent/setup/AgentSetup.js";
import { setupUnderTask } from "../../../src/agent/setup/setupUnderTask.js";
import type { Held } from "../../../src/core/Held.js";
import type { Shape, Vec3 } from "../../../src/core/geometry/Shape.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { GuardrailSpec } from "../../../src/guardrails/index.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { HeldOracle, poseOf, things } from "../HeldOracle.js";
import { OracleTorque } from "../OracleTorque.js";
import { between, person, randomPaths, world } from "../setups.js";

// Every predicate counts the thing in the hand: none promises more room than the thing leaves, by brute force.

const base = loadSetup({ robot: "arm7", agent: "default" }),
  { clearance, self_clearance, person: people } = base.agent.guardrails;
const arm = { ...base.arm, trackingError: 0 };

/** The margin of a guardrail, by path. */
function margin(setup: AgentSetup, task: readonly GuardrailSpec[], name: string, r: Rollouts): Float64Array {
  const under = setupUnderTask(setup, task),
    out = new Float64Array(r.K);
  new Sweep(under.arm).fill(r);
  const all = buildGuardrails(under, task).filter((g) => g.name === name);
  assert.equal(all.length, 1, `${name}: ${all.length} of them`);
  all[0].margin(r, out, r.K);
  return out;
}

/** The least of a measure of every ball of the thing along path k. */
function dense(r: Rollouts, k: number, o: HeldOracle, measure: (ball: number, n: number, s: number) => number): number {
  let least = Infinity;
  for (let n = 0; n < r.N; n++)
    for (let i = 0; i < (n + 1 < r.N ? 8 : 1); i++) {
      o.geometry.place(between(r, k, n, i / 8));
      for (const ball of o.balls) least = Math.min(least, measure(ball, n, i / 8));
    }
  return least;
}

const walls: readonly Shape[] = [
  { kind: "box", center: [0.5, 0.2, 0.4], size: [0.3, 0.3, 0.3], orientation: [0, 0, 0.3, 1] },
  { kind: "halfSpace", normal: [0, 0, 1], offset: -0.3 },
  { kind: "capsule", p0: [-0.3, -0.5, 0], p1: [-0.3, -0.5, 1], radius: 0.1 },
];
const paths = (seed: number): Rollouts =>
  randomPaths(
    setupUnderTask({ ...base, arm }, [{ kind: "holding", config: drawn[0] }]).arm,
    12,
    4,
    0.02,
    new Rng(seed),
  );
const drawn: Held[] = Object.values(things).map((draw) => draw(new Rng(11)));

for (const held of drawn) {
  const holding: GuardrailSpec = { kind: "holding", config: held },
    carrying = setupUnderTask({ ...base, arm }, [holding]).arm,
    o = new HeldOracle(arm, held, new Rng(12), Math.ceil(16 / held.parts.length)),
    r = randomPaths(carrying, 8, 4, 0.02, new Rng(13));
  const law = (
    setup: AgentSetup,
    task: readonly GuardrailSpec[],
    name: string,
    measure: (ball: number, n: number, s: number) => number,
  ): void => {
    const told = margin(setup, [holding, ...task], name, r);
    for (let k = 0; k < r.K; k++) {
      const truth = dense(r, k, o, measure);
      assert.ok(
        told[k] <= Math.max(0, truth) + 1e-9,
        `${name} promises ${told[k]} m, the ${held.id} leaves ${truth} m`,
      );
    }
  };
  const setup = { ...base, arm, fixed: walls, fixedIds: walls.map((_, i) => `wall ${i}`) };
  const toWalls = (ball: number): number => Math.min(...walls.map((w) => o.geometry.toShape(ball, w))) - clearance;

  test(`${held.id}: fixed geometry, keep-outs and things to avoid are kept from the thing in the hand`, () => {
    law(setup, [], "fixed_geometry", toWalls);
    law(
      { ...base, arm },
      [{ kind: "avoid", config: { shapes: setup.fixed.map((shape, i) => ({ id: `w${i}`, shape })), spared: [] } }],
      "avoid",
      toWalls,
    );
    // spared for the arm's own links only
    law(
      { ...base, arm },
      [
        {
          kind: "avoid",
          config: { shapes: setup.fixed.map((shape, i) => ({ id: `w${i}`, shape })), spared: arm.linkNames },
        },
      ],
      "avoid",
      toWalls,
    );
    law(
      { ...base, arm },
      [
        {
          kind: "keep_out",
          config: {
            kind: "box",
            config: { center: [0.5, 0.2, 0.4], size: [0.3, 0.3, 0.3], orientation: [0, 0, 0, 1] },
          },
        },
      ],
      "keep_out",
      (ball) =>
        o.geometry.toShape(ball, {
          kind: "box",
          center: [0.5, 0.2, 0.4],
          size: [0.3, 0.3, 0.3],
          orientation: [0, 0, 0, 1],
        }) - clearance,
    );
  });

  test(`${held.id}: it stays in the workspace, and apart from links and people`, () => {
    law(
      { ...base, arm },
      [{ kind: "workspace", config: { box: { center: [0, 0, 0.5], size: [4, 3, 2] } } }],
      "workspace",
      (ball) => {
        const e = o.geometry.ends,
          size = [4, 3, 2],
          middle = [0, 0, 0.5];
        return Math.min(
          ...[0, 1, 2].map((d) => size[d] / 2 - Math.abs(e[6 * ball + d] - middle[d]) - o.arm.capsules[ball].radius),
        );
      },
    );
    const links = arm.capsules.flatMap((c, i) => (c.link <= arm.nq - 3 ? [i] : []));
    law(
      { ...base, arm },
      [],
      "self_collision",
      (ball) => Math.min(...links.map((c) => o.geometry.between(c, ball))) - self_clearance,
    );
    const visitor = person([0.7, 0.3, 0], [0.7, 0.3, 1.2], 0.1, -0.05),
      axis = Float64Array.of(...visitor.p0, ...visitor.p1);
    r.from = world(0, [visitor]);
    for (let i = 0; i < r.exposure.length; i++) r.exposure[i] = r.dt * ((i % r.N) + 1) + 0.01;
    law(
      { ...base, arm, robot: { ...base.robot, controller: { ...base.robot.controller, delay: 0 } } },
      [],
      "separation",
      (ball, n, s) => o.geometry.toSegment(ball, axis) - 0.1 - people.noise - 1.6 * (0.05 + 0.01 + r.dt * (n + s)),
    );
    r.from = world(0);
  });
}

test("what is avoided is kept as far off as what is fixed", () => {
  const r = paths(24),
    holding: GuardrailSpec = { kind: "holding", config: drawn[0] },
    named = walls.map((shape, i) => ({ id: `w${i}`, shape }));
  assert.deepEqual(
    margin({ ...base, arm }, [holding, { kind: "avoid", config: { shapes: named, spared: [] } }], "avoid", r),
    margin({ ...base, arm, fixed: walls, fixedIds: named.map(({ id }) => id) }, [holding], "fixed_geometry", r),
  );
});

test("a person is met by the thing no faster than the region bears, and the more gently the more it may weigh", () => {
  const [block] = drawn,
    r = paths(20),
    regions = {
      ...base,
      arm,
      agent: {
        ...base.agent,
        guardrails: {
          ...base.agent.guardrails,
          person: { ...people, mode: "power_and_force" as const, regions: { person: "hand" as const } },
        },
      },
    };
  r.from = world(0, [person([0.4, 0, 0], [0.4, 0, 1], 0.4, 0)]);
  const at = (mass: number): Float64Array =>
    margin(regions, [{ kind: "holding", config: { ...block, mass } }], "power_and_force", r).slice();
  const [light, heavy] = [at(0), at(8)];
  let less = 0;
  for (let k = 0; k < r.K; k++) {
    assert.ok(heavy[k] <= light[k]);
    if (heavy[k] < light[k]) less++;
  }
  assert.ok(less > 3, `${less} paths`);
});

test("no joint needs more torque than it has, with nothing, half, or all that the thing may weigh", () => {
  const held: Held = { ...drawn.find(({ id }) => id === "hammer")!, mass: 3 },
    { arm: holding } = setupUnderTask({ ...base, arm }, [{ kind: "holding", config: held }]),
    r = randomPaths(holding, 20, 2, 0.01, new Rng(21), 0);
  r.v.fill(0);
  for (let i = 0; i < r.q.length; i++) if (Math.floor(i / arm.nq) % 2 === 1) r.q[i] = r.q[i - arm.nq];
  const told = margin({ ...base, arm }, [{ kind: "holding", config: held }], "torque", r),
    oracle = new OracleTorque(arm);
  // the middle of the box about both parts, by hand: z from −0.1 to 0.115, y from −0.06 to 0.06
  const m: Vec3 = [0, 0, (0.115 - 0.1) / 2],
    com = [0, 1, 2].map(
      (e) => held.pose[4 * e] * m[0] + held.pose[4 * e + 1] * m[1] + held.pose[4 * e + 2] * m[2] + held.pose[4 * e + 3],
    );
  const zero = new Float64Array(arm.nq);
  for (let k = 0; k < r.K; k++) {
    const q = r.q.slice(k * r.N * arm.nq, (k * r.N + 1) * arm.nq);
    const truth = Math.min(
      ...[0, 1.5, 3].flatMap((mass) =>
        oracle.torques(q, zero, zero, mass, com).map((t, j) => 0.95 * arm.limits.effort[j] - Math.abs(t)),
      ),
    );
    assert.ok(told[k] <= truth + 1e-4 && told[k] >= truth - 1e-4, `told ${told[k]} N·m, there is ${truth}`);
  }
});

test("a liquid is that of the thing in the hand: about its own axis, at its own place", () => {
  const held: Held = {
    ...drawn[0],
    id: "cup1",
    pose: poseOf([0.5, 0.5, 0.5, 0.5], [0.02, 0.01, 0.12]), // its z is the tool's x
  };
  const holding: GuardrailSpec = { kind: "holding", config: held },
    spill = (of?: string): GuardrailSpec => ({ kind: "spill", config: { max: 1, axis: [0, 0, 1], ...(of && { of }) } });
  const under = setupUnderTask({ ...base, arm }, [holding, spill()]),
    e = 1e-4,
    r = randomPaths(under.arm, 15, 4, 0.01, new Rng(22), 0.6),
    told = margin({ ...base, arm }, [holding, spill()], "spill", r),
    o = new HeldOracle(
      arm,
      { ...held, parts: [{ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 0], radius: 0 }] },
      new Rng(1),
      1,
    );
  const ball = o.balls[0];
  for (let k = 0; k < r.K; k++) {
    let worst = 0;
    for (let n = 0; n < r.N - 1; n++)
      for (let i = 1; i < 10; i++) {
        const place = (t: number): number[] =>
          Array.from(o.geometry.place(between(r, k, n, i / 10 + t)).ends.slice(6 * ball, 6 * ball + 3));
        const [before, p, after] = [place(-e), place(0), place(e)],
          felt = p.map((x, d) => (after[d] - 2 * x + before[d]) / (e * r.dt) ** 2 + (d === 2 ? 9.81 : 0));
        o.geometry.place(between(r, k, n, i / 10));
        const t = o.geometry.tool,
          x = [t[0], t[4], t[8]];
        const cosine = (x[0] * felt[0] + x[1] * felt[1] + x[2] * felt[2]) / Math.hypot(...felt);
        worst = Math.max(worst, Math.acos(Math.max(-1, Math.min(1, cosine))));
      }
    assert.ok(1 - told[k] >= worst - 2e-3, `angle ${worst}, told ${1 - told[k]}`);
    assert.ok(1 - told[k] <= worst + 0.3, `angle ${worst}, told ${1 - told[k]}`);
  }
  const spills = (task: readonly GuardrailSpec[]): number =>
    buildGuardrails(setupUnderTask({ ...base, arm }, task), task).filter((g) => g.name === "spill").length;
  assert.deepEqual(
    [spills([spill()]), spills([spill("cup1")]), spills([holding, spill("cup1")]), spills([holding, spill("cup2")])],
    [1, 0, 1, 0],
  );
  const A = (task: readonly GuardrailSpec[]): number =>
    setupUnderTask({ ...base, arm }, task).arm.limits.acceleration[0];
  assert.equal(A([spill("cup1")]), arm.limits.acceleration[0]);
  assert.ok(A([holding, spill("cup1")]) < arm.limits.acceleration[0]);
});

test("what the robot declares of its own liquid stays about its tool, whatever it holds", () => {
  const own = {
    ...base,
    arm,
    robot: {
      ...base.robot,
      guardrails: { ...base.robot.guardrails, spill: { max: 1, axis: [0, 0, 1] as Vec3 as [number, number, number] } },
    },
  };
  const r = paths(23),
    holding: GuardrailSpec = { kind: "holding", config: { ...drawn[0], pose: poseOf([1, 0, 0, 0], [0, 0, 0]) } };
  assert.deepEqual(
    margin(own, [holding], "spill", r),
    margin(own, [], "spill", randomPaths(arm, 12, 4, 0.02, new Rng(23))),
  );
});
