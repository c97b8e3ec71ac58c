import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { runMeasured, type MeasuredTrial } from "./measuredTrial.js";

/**
 * Clocks set by ±[1 ms, 3 s] in motion: what each shows. Half of the steps are about as large as what an arm at speed
 * may be off by. Where the agent's own is set and stays so, none forth by 5 to 50 ms: that is how its estimate of
 * simulated time is put right.
 */
function steps(rng: Rng, n: number, setRight: boolean): (t: number) => number {
  const all: { readonly at: number; readonly by: number }[] = [];
  for (let k = 0, at = rng.range(0.4, 0.9); k < n; k++, at += rng.range(0.02, 0.6)) {
    const by =
      (rng.bits() & 1 ? 1 : -1) * (rng.bits() & 1 ? 10 ** rng.range(-3, Math.log10(3)) : rng.range(0.02, 0.11));
    all.push({ at, by: !setRight && by > 0.005 && by < 0.05 ? -by : by });
    if (setRight) all.push({ at: (at += rng.range(0.01, 0.2)), by: -by });
  }
  return (t) => all.reduce((sum, { at, by }) => (t >= at ? sum + by : sum), t);
}

type Clocks = Pick<MeasuredTrial, "clock" | "sensor" | "controller">;
const driver = (show: (t: number) => number): Clocks => ({
  sensor: (s, t) => ({ ...s, stamp: s.stamp + show(t) - t }),
});
const agent = (show: (t: number) => number): Clocks => ({ clock: show });
const both = (show: (t: number) => number): Clocks => ({ ...driver(show), ...agent(show) });
/** Also the controller's: its set-point leaps with it by what the arm goes meanwhile, before anybody can know. */
const machine = (show: (t: number) => number): Clocks => ({ ...both(show), controller: show });

const which: readonly [
  name: string,
  set: (show: (t: number) => number) => Clocks,
  setRight: boolean,
  ends: "goes on" | "stops",
][] = [
  ["the whole machine's clock", machine, false, "goes on"],
  ["agent's and driver's clocks, and set right again,", both, true, "goes on"],
  ["the driver's clock", driver, false, "stops"],
  ["the agent's clock", agent, false, "stops"],
];

/**
 * Any step of any clock in motion: the arm stops, at rest, or goes on; nothing latches and no command begins where the
 * arm is not.
 */
export const clockFaults: readonly FaultCase[] = which.flatMap(([name, set, setRight, ends]) =>
  (["once", "again and again"] as const).map((often): FaultCase => ({
    group: "process",
    name: `${name} set by up to 3 s in motion, ${often}`,
    expect: ends,
    run: (seed) => {
      const rng = new Rng(seed);
      return runMeasured({
        seed,
        goal: { joint1: 2.2 },
        rests: ends === "stops",
        swing: set === machine ? 0.05 : 0,
        lasts: ends === "stops" ? 4 : 12,
        ...set(steps(rng, often === "once" ? 1 : 2 + (rng.bits() % 4), setRight)),
      });
    },
  })),
);
