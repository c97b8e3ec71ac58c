import type { JointSample } from "../../src/agent/AgentPort.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runTrial, type Told } from "./Trial.js";

/** Joint states as other programs tell them, none of which is wrong. */
const told = (
  name: string,
  tell: (sample: JointSample, t: number, rng: Rng) => readonly Told<JointSample>[],
): FaultCase => ({
  group: "sensor",
  name: `joint states: ${name}`,
  expect: "goes on",
  run: (seed) =>
    runTrial({
      seed,
      expect: "goes on",
      latency: 0.15,
      lasts: 30,
      meddle: (rng) => ({ joints: (sample, t) => tell(sample, t, rng) }),
    }),
});

export const strangerFaults: readonly FaultCase[] = [
  told("no velocities, all NaN", (sample, t) => [
    { due: t, value: { ...sample, velocities: Array.from(sample.velocities, () => NaN) } },
  ]),
  told("a gripper's between ours, ten to one", (sample, t, rng) => [
    ...Array.from({ length: 10 }, () => ({
      due: t,
      value: {
        stamp: rng.bits() & 1 ? 0 : sample.stamp + rng.normal(),
        names: ["finger"],
        positions: [rng.normal()],
        velocities: [NaN],
      },
    })),
    { due: t, value: sample },
  ]),
];
