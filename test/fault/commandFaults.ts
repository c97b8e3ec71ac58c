import type { Command } from "../../src/core/Command.js";
import type { Plan } from "../../src/core/Plan.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runTrial, type Meddling, type Told, type TrialOptions } from "./Trial.js";

const pass = (value: Command, due: number): Told<Command>[] => [{ due, value }];

const command = (
  name: string,
  expect: FaultCase["expect"],
  fault: (c: Command, t: number, rng: Rng) => readonly Told<Command>[],
  more: Partial<TrialOptions> = {},
): FaultCase => ({
  group: "command",
  name: `commands to the controller: ${name}`,
  expect,
  run: (seed) =>
    runTrial({ seed, expect, latency: 0.15, meddle: (rng) => ({ command: (c, t) => fault(c, t, rng) }), ...more }),
});

/** Nothing comes or goes, either way, while it is closed; then all of it at once. */
const link = (name: string, closed: (rng: Rng) => (t: number) => number, more: Partial<TrialOptions>): FaultCase => ({
  group: "command",
  name: `the way to the arm: ${name}`,
  expect: "goes on",
  run: (seed) =>
    runTrial({
      seed,
      expect: "goes on",
      meddle: (rng) => {
        const opens = closed(rng);
        return { joints: (value, t) => [{ due: opens(t), value }], command: (value, t) => pass(value, opens(t)) };
      },
      ...more,
    }),
});
const once = (closed: number) => () => {
  let begun: number | undefined;
  return (t: number): number => (begun ??= t) + closed;
};

const plan = (
  name: string,
  expect: FaultCase["expect"],
  fault: (plan: Plan, last: Plan | undefined, t: number, rng: Rng) => Plan,
  more: Partial<TrialOptions> = {},
): FaultCase => ({
  group: "plan",
  name: `plans: ${name}`,
  expect,
  run: (seed) =>
    runTrial({
      seed,
      expect,
      latency: 0.2,
      lets: { pushes: true },
      meddle: (rng) => ({ plan: (p, last, t) => fault(p, last, t, rng) }),
      ...more,
    }),
});

const process = (
  name: string,
  expect: FaultCase["expect"],
  fault: (rng: Rng) => Meddling,
  more: Partial<TrialOptions> = {},
): FaultCase => ({
  group: "process",
  name: `process: ${name}`,
  expect,
  run: (seed) => runTrial({ seed, expect, latency: 0.06, meddle: fault, ...more }),
});

/** Some of a plan's numbers replaced. */
const numbers =
  (field: "q" | "v", x: (rng: Rng) => number) =>
  (p: Plan, _last: Plan | undefined, _t: number, rng: Rng): Plan => {
    const values = p[field].slice();
    for (let n = 1 + (rng.bits() % 8); n > 0; n--) values[rng.bits() % values.length] = x(rng);
    return { ...p, [field]: values };
  };
const wild =
  (r: number) =>
  (p: Plan, _last: Plan | undefined, _t: number, rng: Rng): Plan => ({
    ...p,
    q: p.q.map((x) => x + rng.range(-r, r)),
    v: p.v.map((x) => x + rng.range(-r, r)),
  });
const beside = <T>(x: T | undefined, otherwise: T): T => x ?? otherwise;

export const commandFaults: readonly FaultCase[] = [
  command("lost for a while", "latches", () => [], { by: /tracking/ }),
  command("every fourth lost", "goes on", (c, t, rng) => (rng.uniform() < 0.25 ? [] : pass(c, t)), {
    lasts: 30,
    lets: { swing: 0.02 },
  }),
  command("20 ms late, in time for their beginning", "goes on", (c, t) => pass(c, t + 0.02), { lasts: 30 }),
  command("0.35 s late, after their end", "latches", (c, t) => pass(c, t + 0.35), { by: /tracking/ }),
  command("each twice", "goes on", (c, t) => [...pass(c, t), ...pass(c, t + 0.005)], { lasts: 30 }),
  command("each pair in the wrong order", "goes on", (c, t, rng) => pass(c, t + (rng.uniform() < 0.3 ? 0.015 : 0)), {
    lasts: 30,
  }),
  ...[0.1, 0.2].map((held) => {
    const opens = once(held);
    return command(`held for ${held} s, then all at once; joint states are not`, "goes on", (c, t) => pass(c, t), {
      lasts: held,
      meddle: () => ((until) => ({ command: (c, t) => pass(c, until(t)) }))(opens()),
    });
  }),
  link("closed both ways for 0.3 s", once(0.3), { lasts: 0.3 }),
  link("closed both ways for up to 60 ms now and then", (rng) => holes(rng, 0.06, 0.05), {
    lasts: 30,
    lets: { swing: 0.02 },
  }),
  plan("no new one for ever (the planner hangs)", "stops", (p, last) => beside(last, p), { latency: 1.3 }),
  plan("no new one for a while", "stops, goes on", (p, last) => beside(last, p), { lasts: 2.5, latency: 1.3 }),
  plan(
    "numbers that are none",
    "goes on",
    numbers("q", () => NaN),
    { lasts: 1 },
  ),
  plan(
    "infinite velocities",
    "goes on",
    numbers("v", () => Infinity),
    { lasts: 1 },
  ),
  plan(
    "huge numbers",
    "goes on",
    numbers("q", (rng) => rng.range(-1e12, 1e12)),
    { lasts: 1 },
  ),
  plan("wild: beyond every limit, another each time", "goes on", wild(20), { lasts: 1.5 }),
  plan(
    "through the table",
    "goes on",
    (p) => ({ ...p, q: p.q.map((x, i) => (i % p.nq === 1 ? x + 0.02 * Math.floor(i / p.nq) * 4 : x)) }),
    { lasts: 1.5 },
  ),
  plan("a second old", "stops, goes on", (p) => ({ ...p, stamp: p.stamp - 1.5 }), { lasts: 1.2, latency: 0.35 }),
  plan("for a time far ahead", "stops, goes on", (p) => ({ ...p, stamp: p.stamp + 100 }), { lasts: 2.5, latency: 1.3 }),
  plan("without an end", "goes on", (p) => ({ ...p, H: p.H * 1000 }), { lasts: 1 }),
  plan("found infeasible", "stops, goes on", (p) => ({ ...p, feasible: false })),
  process("kill -9", "stops", () => ({ asleep: () => true })),
  process("stopped for 1 s (SIGSTOP, SIGCONT)", "stops, goes on", () => ({ asleep: () => true }), { lasts: 1 }),
  process("a pause of 30 ms now and then (garbage collection)", "goes on", (rng) => naps(rng, 0.03, 0.15), {
    lasts: 30,
  }),
  process("a storm of pauses of up to 0.2 s", "goes on", (rng) => naps(rng, 0.2, 0.1), { lasts: 3 }),
  process("the clock leaps forward by a minute", "stops", () => ({ clock: (t) => t + 60 }), {
    latency: 0.1,
    by: /stale/,
  }),
  process("the clock leaps back by a minute", "stops", () => ({ clock: (t) => t - 60 }), {
    latency: 0.1,
    by: /clock_jump|stale/,
  }),
  process("the clock leaps back by 15 ms", "goes on", () => ({ clock: (t) => t - 0.015 }), { lasts: 0.5 }),
  process(
    "the clock runs a tenth too fast",
    "stops, goes on",
    (rng) => {
      let begun: number | undefined;
      void rng;
      return { clock: (t) => t + 0.1 * (t - (begun ??= t)) };
    },
    { lasts: 3, latency: 1.6, by: /stale|^$/ },
  ),
];

/** When what sets out at t arrives, where pauses of up to `longest` begin at `often` of the steps. */
function holes(rng: Rng, longest: number, often: number): (t: number) => number {
  let until = 0;
  return (t) => {
    if (t >= until && rng.uniform() < often) until = t + rng.range(0.01, longest);
    return Math.max(t, until);
  };
}

/** Pauses of up to `longest`, `often` of them a tick. */
function naps(rng: Rng, longest: number, often: number): Meddling {
  const awake = holes(rng, longest, often);
  return { asleep: (t) => awake(t) > t };
}
