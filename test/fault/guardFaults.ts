import { GuardRuntime } from "../../src/runtime/GuardRuntime.js";
import { proposalOf, type Proposal } from "../../src/runtime/Proposal.js";
import type { Plan } from "../../src/core/Plan.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase, Outcome } from "./FaultCase.js";
import { RealTime } from "./RealTime.js";

const GOES: number = 0.9; // rad/s of joint 1
type Lie = (p: Proposal, rng: Rng, world: RealTime) => readonly Proposal[];

/** A plan that turns joint 1 from where it is, for two seconds. */
function turn(q: Float64Array, stamp: number, speed: number): Plan {
  const nq = q.length,
    H = 20,
    dt = 0.1;
  const qs = new Float64Array((H + 1) * nq),
    vs = new Float64Array((H + 1) * nq);
  for (let h = 0; h <= H; h++) {
    qs.set(h === 0 ? q : qs.subarray((h - 1) * nq, h * nq), h * nq);
    vs[h * nq] = h === 0 ? 0 : Math.sign(speed) * Math.min(Math.abs(speed), 0.5 * h);
    if (h > 0) qs[h * nq] += 0.5 * dt * (vs[h * nq] + vs[(h - 1) * nq]);
  }
  const none = new Float32Array(0);
  return {
    level: "motion",
    stamp,
    dt,
    H,
    substeps: 1,
    nu: 0,
    nq,
    a: none,
    q: qs,
    v: vs,
    z: none,
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 0,
    rollouts: 0,
    time: 0,
  };
}

/**
 * The true guard with an agent that begins honestly and then fails or lies for 1.5 s: bounds hold; it rests in time, or
 * keeps to what may be done.
 */
const guard = (name: string, expect: "stops" | "goes on", lie: Lie, reason?: RegExp): FaultCase => ({
  group: "guard",
  name: `an agent ${name}`,
  expect,
  run: async (seed): Promise<Outcome> => {
    const world = new RealTime();
    const rng = new Rng(seed);
    try {
      const port = await world.connect((setup, clock) => GuardRuntime.start(setup, { clock }));
      const begin = (): Plan => turn(world.q.slice(), world.clock.now() + 0.1, seed % 2 === 0 ? GOES : -GOES);
      const refusals = new Set<string>();
      let plan = begin();
      let lying = false;
      const timer = setInterval(() => {
        // the first one came before all was awake
        if (!lying && world.speed < 0.02 && world.clock.now() > plan.stamp + 0.6) plan = begin();
        refusals.add(port.lastRejection);
        const p = proposalOf(plan, world.setup.arm.jointNames, "", world.clock.now());
        for (const q of lying ? lie(p, rng, world) : [p]) if (port.admits()) port.propose(q);
      }, 50);
      const moving = await world.until(() => world.speed > 0.6, 8);
      lying = true;
      const rest = expect === "stops" ? await world.rest(3) : 0;
      if (expect === "goes on") await world.until(() => false, 1.5);
      const told = [...refusals, port.lastRejection].join("; ");
      clearInterval(timer);
      const still = await world.rest(4);
      const wrong = [
        moving ? "" : "it never moved",
        rest < 0.25 + 0.05 + 0.3 + 0.35 ? "" : `at rest after ${rest.toFixed(2)} s`,
        still < 4 ? "" : "it never rested",
        reason && !reason.test(told) ? `refused for '${told}', want ${String(reason)}` : "",
      ];
      return { end: "at rest", violations: world.violations, fault: wrong.filter((w) => w !== "").join("; ") };
    } finally {
      await world.end();
    }
  },
});
const change =
  (x: Partial<Proposal>): Lie =>
  (p) => [{ ...p, ...x }];

export const guardFaults: readonly FaultCase[] = [
  guard("that falls silent (kill -9, hang)", "stops", () => []),
  guard("that says stop", "stops", (p) => [{ ...p, kind: "stop", positions: [], velocities: [] }]),
  guard(
    "whose plans are not numbers",
    "stops",
    (p) => [{ ...p, positions: Array.from(p.positions, () => NaN) }],
    /finite/,
  ),
  guard("whose plans leap about beyond every limit", "goes on", (p, rng) => [
    {
      ...p,
      start: p.start + 1e-4 * rng.uniform(),
      positions: Array.from(p.positions, (x) => x + rng.range(-30, 30)),
      velocities: Array.from(p.velocities, () => rng.range(-50, 50)),
    },
  ]),
  guard("whose plans go through the table", "goes on", (p) => [
    { ...p, start: p.start + 1e-3, positions: Array.from(p.positions, (x, i) => (i % 7 === 1 ? 1.5 : x)) },
  ]),
  guard("that repeats an old message", "stops", (p) => [{ ...p, stamp: p.stamp - 2 }], /old/),
  guard("whose stamps lie in the future", "stops", (p) => [{ ...p, stamp: p.stamp + 5 }], /ahead/),
  guard("that names other joints", "stops", change({ jointNames: ["a", "b"] }), /joints/),
  guard(
    "that cuts its arrays short",
    "stops",
    (p) => [{ ...p, velocities: Array.from(p.velocities).slice(3) }],
    /velocities/,
  ),
  guard(
    "that sends a million knots",
    "stops",
    (p) => [{ ...p, positions: new Float64Array(7e6), velocities: new Float64Array(7e6) }],
    /knots/,
  ),
  guard(
    "that floods: 20,000 a second",
    "goes on",
    (p) => Array.from({ length: 1000 }, (_, i) => ({ ...p, stamp: p.stamp + 1e-7 * i })),
    /a second/,
  ),
  guard("whose guardrails are no list", "stops", change({ guardrails: "}{" })),
  guard("whose guardrails are none that exist", "stops", change({ guardrails: '[{"no_such": 1}]' })),
  guard(
    "that loosens the workspace",
    "stops",
    change({ guardrails: '[{"contact": {"bodies": ["table"], "force": 1000}}]' }),
    /none|at most/,
  ),
];
