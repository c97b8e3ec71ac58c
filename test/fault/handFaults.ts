import type { OtherJoints } from "../../src/core/OtherJoints.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase } from "./FaultCase.js";
import { HandTrial, type HandFault } from "./HandTrial.js";

/** The hand fetches a block and lays it down again while something goes wrong with it. */
const hand = (
  name: string,
  expect: "goes on" | "stops",
  fault: HandFault,
  says = /^/, // what is told when a plan is made anew
): FaultCase => ({
  group: "hand",
  name: `hand: ${name}`,
  expect,
  run: (seed) => Promise.resolve(new HandTrial(seed, fault).outcome(expect, says)),
});
const each =
  (change: (x: number, rng: Rng) => number) =>
  (s: OtherJoints, rng: Rng): OtherJoints[] => [{ ...s, positions: Array.from(s.positions, (x) => change(x, rng)) }];

/**
 * Nothing falls from the hand because the hand was told so, whatever the hand does or tells; what slips is noticed and
 * fetched again; a hand that does not do what it should is told with the reason.
 */
export const handFaults: readonly FaultCase[] = [
  hand("none", "goes on", { on: "carry" }, /^$/),
  hand("what it holds slips out", "goes on", { on: "carry", slips: 0.1, lasts: 0.5 }, /not in the hand/),
  hand("what it holds is heavier than said, and slips out slowly", "goes on", { on: "carry", slips: 0.4, lasts: 0.8 }),
  hand("a grasp that misses", "goes on", { on: "close", aside: 0.05 }, /hold nothing, want block1/),
  hand("fingers that stall before they touch", "goes on", { on: "close", stall: 0.055, lasts: 4 }),
  hand("fingers that stall open", "goes on", { on: "open", freezes: true, lasts: 4 }, /want 80.0 mm/),
  hand("its joint states are silent for a second", "goes on", { on: "carry", lasts: 1, joints: () => [] }),
  hand(
    "its joint states are silent for ever",
    "stops",
    { on: "carry", joints: () => [] },
    /the joint states of the hand have stopped/,
  ),
  hand("joint states that are no numbers", "goes on", { on: "carry", lasts: 1, joints: each(() => NaN) }),
  hand("joint states beyond its range", "goes on", {
    on: "carry",
    lasts: 1,
    joints: each((x, rng) => x + rng.range(1, 5)),
  }),
  hand("joint states of another device", "goes on", {
    on: "carry",
    lasts: 1,
    joints: (s) => [{ ...s, names: s.names.map((n) => `other_${n}`) }],
  }),
  hand("each of its joint states twice", "goes on", { on: "close", joints: (s) => [s, s] }),
  hand("its joint states with noise", "goes on", {
    on: "close",
    joints: each((x, rng) => x + 2e-5 * rng.range(-1, 1)),
  }),
  hand("a plan that opens it 5 cm up", "goes on", { on: "carry", opensAt: 0.0775 }, /held \d+ mm over what is below/),
  hand("an emergency stop while it holds something", "stops", { on: "carry", mode: "latched" }),
  hand("a stop of two seconds while it holds something", "goes on", { on: "carry", mode: "stopping", lasts: 2 }),
];
