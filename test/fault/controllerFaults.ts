import type { FaultCase } from "./FaultCase.js";
import { runTrial, type TrialOptions } from "./Trial.js";

/**
 * What is wrong from the beginning: another controller's law, another servo. The task is done all the same, within
 * every bound.
 */
const arm = (name: string, more: Partial<TrialOptions>): FaultCase => ({
  group: "command",
  name,
  expect: "goes on",
  run: (seed) => runTrial({ seed, expect: "goes on", lasts: 30, meddle: () => ({}), ...more }),
});

/** Jazzy's law with its parameters as they are by default is what all other classes have. */
const laws = [
  ["Jazzy's, from the desired state", { interpolateFromDesiredState: true }],
  ["Rolling's, which keeps what lies ahead", { law: "rolling" }],
] as const;

export const controllerFaults: readonly FaultCase[] = [
  ...laws.flatMap(([name, controller]) => [
    arm(`controller: ${name}`, { controller }),
    arm(`controller: ${name}; each command after up to 20 ms, in order`, {
      controller,
      meddle: (rng) => inOrder(() => rng.range(0, 0.02)),
    }),
    arm(`controller: ${name}; every fourth command lost`, {
      controller,
      lets: { swing: 0.02 },
      meddle: (rng) => ({ command: (c, t) => (rng.uniform() < 0.25 ? [] : [{ due: t, value: c }]) }),
    }),
    arm(`controller: ${name}; commands held for 0.1 s`, { controller, lasts: 0.1, meddle: () => held(0.1) }),
  ]),
  arm("servo: 50 ms late, and the robot's file says so", { servo: { delay: 0.05 }, declared: 0.05 }),
  arm("servo: 50 ms late, which nobody has said", { servo: { delay: 0.05 } }),
];

function inOrder(after: () => number): ReturnType<TrialOptions["meddle"]> {
  let last = 0;
  return { command: (value, t) => [{ due: (last = Math.max(last, t + after())), value }] };
}

function held(s: number): ReturnType<TrialOptions["meddle"]> {
  let begun: number | undefined;
  return { command: (value, t) => [{ due: (begun ??= t) + s, value }] };
}
