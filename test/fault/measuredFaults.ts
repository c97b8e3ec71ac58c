import type { JointSample } from "../../src/agent/AgentPort.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runMeasured, type MeasuredTrial } from "./measuredTrial.js";

const TURN = 2 * Math.PI;
const wrapped = (x: number): number => x - TURN * Math.round(x / TURN);
const change =
  (position: (x: number, j: number) => number, velocity = (v: number): number => v) =>
  (s: JointSample): JointSample => ({
    ...s,
    positions: Array.from(s.positions, position),
    velocities: Array.from(s.velocities, velocity),
  });
const untold = (s: JointSample): JointSample => ({ ...s, velocities: [] });
const silent = (s: JointSample): JointSample => ({ ...s, velocities: Array.from(s.velocities, () => 0) });
const nothing = { still: true, lasts: 3, goal: { joint1: 1 } };

const measured = (
  group: FaultCase["group"],
  name: string,
  expect: FaultCase["expect"],
  trial: (rng: Rng) => Omit<MeasuredTrial, "seed">,
): FaultCase => ({
  group,
  name,
  expect,
  run: (seed) => runMeasured({ seed, ...trial(new Rng(seed)) }),
});

/** A clock that shows `by` more between two instants. */
const leaps =
  (from: number, lasts: number, by: number) =>
  (t: number): number =>
    t >= from && t < from + lasts ? t + by : t;
const endless = ["joint1", "joint7"];

/**
 * The first state, turns, clocks and other programs: whatever the arm is said to be, no command begins where it is not.
 */
export const measuredFaults: readonly FaultCase[] = [
  measured("sensor", "the first joint states: a joint a turn away", "refused", (rng) => {
    const j = rng.bits() % 7,
      way = rng.bits() & 1 ? 1 : -1;
    return { ...nothing, sensor: change((x, k) => (k === j ? x + way * TURN : x)), says: /beyond.*turn/ };
  }),
  measured("sensor", "the first joint states: in degrees", "refused", () => ({
    ...nothing,
    sensor: change(
      (x) => (x * 180) / Math.PI,
      (v) => (v * 180) / Math.PI,
    ),
    says: /beyond.*degrees/,
  })),
  measured("sensor", "the first joint states: in servo ticks", "refused", () => ({
    ...nothing,
    sensor: change((x) => Math.round(2048 + (x * 4096) / TURN)),
    says: /beyond.*ticks/,
  })),
  measured("sensor", "continuous joints wrapped to a half turn, the controller counts", "goes on", (rng) => {
    const to = rng.range(3.4, 3.9);
    return {
      endless,
      start: { joint1: rng.range(2.4, 2.9) },
      goal: { joint1: to - TURN },
      end: { joint1: to },
      sensor: change(wrapped),
    };
  }),
  measured("sensor", "continuous joints wrapped to a half turn, the controller wraps too", "goes on", (rng) => {
    const to = rng.range(3.4, 3.9);
    return {
      endless,
      start: { joint1: rng.range(2.4, 2.9) },
      goal: { joint1: to - TURN },
      end: { joint1: to },
      sensor: change(wrapped),
      wraps: true,
    };
  }),
  measured(
    "sensor",
    "continuous joints wrapped, and turned by another program while there is no task",
    "goes on",
    (rng) => {
      const to = rng.range(3.9, 4.2),
        pause: [number, number] = [2.5, 6];
      return {
        endless,
        start: { joint1: 2.6 },
        goal: { joint1: to },
        sensor: change(wrapped),
        pause,
        foreign: { at: 3, speed: rng.range(0.8, 1.6), lasts: 0.3 },
      };
    },
  ),
  measured("sensor", "continuous joints that are reported turn for turn", "goes on", (rng) => ({
    endless,
    start: { joint1: rng.range(3.3, 5) },
    goal: { joint1: rng.range(2, 3) },
  })),
  measured("process", "two leaps of the clock in motion, back and forth", "goes on", (rng) => ({
    goal: { joint1: 2.2 },
    clock: leaps(rng.range(0.5, 0.9), rng.range(0.015, 0.05), -rng.range(0.15, 0.3)),
  })),
  measured("process", "two leaps of the clock in motion, forth and back", "goes on", (rng) => ({
    goal: { joint1: 2.2 },
    clock: leaps(rng.range(0.5, 0.9), rng.range(0.015, 0.05), rng.range(0.15, 0.3)),
  })),
  ...(
    [
      ["", undefined],
      [", velocities not given", untold],
      [", velocities given as zero", silent],
    ] as const
  ).map(([how, sensor]) =>
    measured("process", `activated while another program moves the arm${how}`, "goes on", (rng) => ({
      goal: { joint1: -0.5 },
      awake: rng.range(0.5, 0.9),
      foreign: { at: 0.2, speed: 2, lasts: 0.6 },
      sensor,
    })),
  ),
  measured("process", "a task begins while another program moves the arm", "goes on", (rng) => ({
    goal: { joint1: -2.4 },
    pause: [0.5, rng.range(1.4, 1.9)],
    foreign: { at: 1.1, speed: 2, lasts: 0.6 },
  })),
];
