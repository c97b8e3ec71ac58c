import type { Belief } from "../../src/core/Belief.js";
import type { Body } from "../../src/core/Body.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runTrial, type Bodies, type Told, type TrialOptions } from "./Trial.js";

export type Change = (message: Bodies, t: number, rng: Rng) => readonly Told<Bodies>[];
export const pass = (value: Bodies, due: number): Told<Bodies>[] => [{ due, value }];
const each =
  (change: (body: Body, rng: Rng) => Body): Change =>
  (m, t, rng) =>
    pass({ ...m, bodies: m.bodies.map((b) => change(b, rng)) }, t);

/**
 * A person reaches to where the arm wants to go while what is told of people is wrong: nobody may be touched by a
 * moving arm, and once all is well again it goes on.
 */
export const bodies = (name: string, fault: (rng: Rng) => Change, more: Partial<TrialOptions> = {}): FaultCase => ({
  group: "bodies",
  name: `people: ${name}`,
  expect: more.expect ?? "goes on",
  run: (seed) =>
    runTrial({
      seed,
      expect: "goes on",
      person: true,
      lasts: 4,
      meddle: (rng) => {
        const change = fault(rng);
        return { bodies: (m, t) => change(m, t, rng) };
      },
      ...more,
    }),
});

/**
 * Objects are beliefs for planning: whatever is told of them, the arm keeps its guardrails, and a task without objects
 * is done.
 */
const objects = (name: string, fault: (rng: Rng, t: number) => { stamp?: number; objects: Belief[] }): FaultCase => ({
  group: "objects",
  name: `objects: ${name}`,
  expect: "goes on",
  run: (seed) =>
    runTrial({
      seed,
      expect: "goes on",
      lasts: 30,
      meddle: (rng) => ({ objects: (t) => ({ stamp: t, ...fault(rng, t) }) }),
    }),
});
const puck = (change: Partial<Belief> = {}): Belief => ({
  id: "puck",
  position: [0.5, -0.2, 0.02],
  orientation: [0, 0, 0, 1],
  positionStd: 0.003,
  stamp: 0,
  ...change,
});

export const worldFaults: readonly FaultCase[] = [
  bodies("a place that is not a number", () => each((b) => ({ ...b, p0: [NaN, b.p0[1], b.p0[2]] }))),
  bodies("a place at infinity", () => each((b) => ({ ...b, p1: [Infinity, 0, 0] }))),
  bodies("a radius below zero", () => each((b) => ({ ...b, radius: -1 }))),
  bodies("silence", () => () => []),
  bodies("silence for ever", () => () => [], { expect: "stops", lasts: undefined, latency: 2 }),
  bodies("0.3 s late", () => (m, t) => pass(m, t + 0.3)),
  bodies("frozen under running stamps, of a person who stands still", () => each((b) => b)),
  bodies("noise of 1 cm", () =>
    each((b, rng) => ({
      ...b,
      p0: b.p0.map((x) => x + 0.005 * rng.range(-1, 1)) as unknown as Body["p0"],
      p1: b.p1.map((x) => x + 0.005 * rng.range(-1, 1)) as unknown as Body["p1"],
    })),
  ),
  bodies(
    "in another order at every message",
    () => (m, t, rng) => pass({ ...m, bodies: [...m.bodies].sort(() => (rng.uniform() < 0.5 ? -1 : 1)) }, t),
  ),
  bodies("each message twice", () => (m, t) => [...pass(m, t), ...pass(m, t + 0.01)]),
  bodies("stamps 1 s in the future", () => (m, t) => pass({ ...m, stamp: m.stamp + 1 }, t)),
  bodies("stamps that run backward", () => (m, t) => pass({ ...m, stamp: 1.2 - m.stamp }, t)),
  bodies(
    "truncated: some of them missing",
    () => (m, t, rng) => pass({ ...m, bodies: m.bodies.slice(0, rng.bits() % m.bodies.length) }, t),
  ),
  bodies(
    "huge: 10⁴ of them",
    () => (m, t) => pass({ ...m, bodies: Array.from({ length: 1e4 }, () => m.bodies[0]) }, t),
  ),
  objects("a place that is not a number", () => ({ objects: [puck({ position: [NaN, 0, 0] })] })),
  objects("a place at infinity", () => ({ objects: [puck({ position: [0, Infinity, 0] })] })),
  objects("10⁴ of them", () => ({ objects: Array.from({ length: 1e4 }, (_, i) => puck({ id: `o${i}` })) })),
  objects("stamps from anywhere", (rng, t) => ({ stamp: t + rng.range(-1e6, 1e6), objects: [puck()] })),
  objects("one that jumps about", (rng) => ({
    objects: [puck({ position: [rng.range(-1, 1), rng.range(-1, 1), rng.range(0, 1)] })],
  })),
];
