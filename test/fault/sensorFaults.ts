import type { JointSample } from "../../src/agent/AgentPort.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runTrial, type Told, type TrialOptions } from "./Trial.js";

type Spoil = (sample: JointSample, t: number, rng: Rng) => readonly Told<JointSample>[];
const pass = (value: JointSample, due: number): Told<JointSample>[] => [{ due, value }];
const spoil =
  (change: (sample: JointSample, rng: Rng, t: number) => JointSample): Spoil =>
  (sample, t, rng) =>
    pass(change(sample, rng, t), t);

/** One joint's number replaced. */
const number = (field: "positions" | "velocities", x: (old: number) => number): Spoil =>
  spoil((sample, rng) => {
    const values = Array.from(sample[field]);
    const j = rng.bits() % values.length;
    values[j] = x(values[j]);
    return { ...sample, [field]: values };
  });

const sensor = (
  name: string,
  expect: FaultCase["expect"],
  fault: (rng: Rng) => Spoil,
  more: Partial<TrialOptions> = {},
): FaultCase => ({
  group: "sensor",
  name: `joint states: ${name}`,
  expect,
  run: (seed) =>
    runTrial({
      seed,
      expect,
      latency: 0.15, // stale after 0.1 s, and a tick
      meddle: (rng) => {
        const change = fault(rng);
        return { joints: (sample, t) => change(sample, t, rng) };
      },
      ...more,
    }),
});

const stale = { by: /stale|^$|late_command|tracking/ };

export const sensorFaults: readonly FaultCase[] = [
  sensor("a position that is not a number", "stops, goes on", () => number("positions", () => NaN), stale),
  sensor("a position that is infinite", "stops, goes on", () => number("positions", () => Infinity), stale),
  sensor("a velocity that is not a number", "goes on", () => number("velocities", () => NaN), { lasts: 30 }),
  sensor("a velocity of 10⁹ rad/s", "stops, goes on", () => number("velocities", () => 1e9), stale),
  sensor("a joint a turn away", "stops, goes on", () => number("positions", (q) => q + 2 * Math.PI), stale),
  sensor("silence", "stops, goes on", () => () => [], { by: /stale|^$/ }),
  sensor("silence for ever", "stops", () => () => [], { by: /stale/ }),
  sensor("old: 0.3 s late", "stops, goes on", () => (sample, t) => pass(sample, t + 0.3)),
  sensor("old for ever: 0.3 s late", "stops", () => (sample, t) => pass(sample, t + 0.3), { by: /stale/ }),
  sensor(
    "a little late: 20 to 60 ms, out of order",
    "goes on",
    () => (sample, t, rng) => pass(sample, t + rng.range(0.02, 0.06)),
    { lasts: 30 },
  ),
  sensor(
    "frozen values under running stamps",
    "latches",
    () => {
      let first: JointSample | undefined;
      return (sample, t) =>
        pass(
          {
            ...(first ??= {
              ...sample,
              positions: Array.from(sample.positions),
              velocities: Array.from(sample.velocities),
            }),
            stamp: sample.stamp,
          },
          t,
        );
    },
    { by: /tracking/, latency: 0.3 },
  ),
  sensor(
    "noise of 1 mrad",
    "goes on",
    () =>
      spoil((sample, rng) => ({ ...sample, positions: Array.from(sample.positions, (q) => q + 1e-3 * rng.normal()) })),
    { lasts: 30 },
  ),
  sensor(
    "noise of 0.5 rad",
    "latches",
    () =>
      spoil((sample, rng) => ({ ...sample, positions: Array.from(sample.positions, (q) => q + 0.5 * rng.normal()) })),
    { by: /tracking|stale/, expect: "stops" },
  ),
  sensor("joints in another order at every message", "goes on", () => spoil(shuffled), { lasts: 30 }),
  sensor("names and values swapped for two joints", "latches", () => spoil(swapped), {
    by: /tracking|moved|stale/,
    expect: "stops",
  }),
  sensor("each message twice", "goes on", () => (sample, t) => [...pass(sample, t), ...pass(sample, t + 0.004)], {
    lasts: 30,
  }),
  sensor(
    "each message again after a second",
    "goes on",
    () => (sample, t) => [...pass(sample, t), ...pass(sample, t + 1)],
    { lasts: 30 },
  ),
  sensor(
    "stamps 1 s in the future",
    "stops, goes on",
    () => spoil((sample) => ({ ...sample, stamp: sample.stamp + 1 })),
    stale,
  ),
  sensor(
    "stamps that run backward",
    "stops, goes on",
    (rng) => {
      const turn = rng.range(2, 3);
      return spoil((sample) => ({ ...sample, stamp: turn - sample.stamp }));
    },
    stale,
  ),
  sensor("stamps that are not numbers", "stops, goes on", () => spoil((sample) => ({ ...sample, stamp: NaN })), stale),
  sensor(
    "truncated: fewer values than names",
    "stops, goes on",
    () => spoil((sample, rng) => ({ ...sample, positions: Array.from(sample.positions).slice(0, rng.bits() % 7) })),
    stale,
  ),
  sensor(
    "truncated: joints missing",
    "stops, goes on",
    () =>
      spoil((sample, rng) => {
        const n = rng.bits() % 7;
        return {
          ...sample,
          names: sample.names.slice(0, n),
          positions: Array.from(sample.positions).slice(0, n),
          velocities: Array.from(sample.velocities).slice(0, n),
        };
      }),
    stale,
  ),
  sensor(
    "huge: 10⁵ joints",
    "stops, goes on",
    () =>
      spoil((sample) => ({
        ...sample,
        names: Array.from({ length: 1e5 }, (_, i) => `j${i}`),
        positions: new Float64Array(1e5),
        velocities: new Float64Array(1e5),
      })),
    stale,
  ),
  sensor(
    "every second message lost",
    "goes on",
    () => (sample, t, rng) => (rng.uniform() < 0.5 ? [] : pass(sample, t)),
    { lasts: 30 },
  ),
];

function shuffled(sample: JointSample, rng: Rng): JointSample {
  const order = sample.names.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = rng.bits() % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return {
    stamp: sample.stamp,
    names: order.map((i) => sample.names[i]),
    positions: order.map((i) => sample.positions[i]),
    velocities: order.map((i) => sample.velocities[i]),
  };
}

function swapped(sample: JointSample): JointSample {
  const names = [...sample.names];
  [names[0], names[3]] = [names[3], names[0]];
  return { ...sample, names };
}
