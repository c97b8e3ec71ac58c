import type { JointSample } from "../../src/agent/AgentPort.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runMeasured } from "./measuredTrial.js";

/** An encoder: white noise and ticks, so many times a second, without velocities. */
function encoder(rng: Rng, noise: number, tick: number, rate: number): (sample: JointSample, t: number) => JointSample {
  let due = 0,
    last: JointSample | undefined;
  return (sample, t) => {
    if (last !== undefined && t < due - 1e-9) return last; // one that was told already tells nothing new
    due = t + 1 / rate;
    return (last = {
      ...sample,
      positions: Array.from(sample.positions, (x) => tick * Math.round((x + noise * rng.normal()) / tick)),
      velocities: [],
    });
  };
}

/** Arms whose encoders have noise: tasks end with success, at rest, as without. */
export const noiseFaults: readonly FaultCase[] = (
  [
    [50, "50 Hz"],
    [500, "500 Hz"],
  ] as const
).map(([rate, name]): FaultCase => ({
  group: "sensor",
  name: `encoders with noise and ticks at ${name}, velocities not given`,
  expect: "goes on",
  run: (seed) => {
    const rng = new Rng(seed),
      noise = [1e-4, 1e-3, 3e-3][seed % 3],
      tick = [1e-5, 1.5e-3][rng.bits() & 1];
    return runMeasured({
      seed,
      goal: { joint1: rng.range(-1, 1) },
      swing: 0.05,
      sensor: encoder(rng, noise, tick, rate),
    });
  },
}));
