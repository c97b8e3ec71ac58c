import { Worker } from "node:worker_threads";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase, Outcome } from "./FaultCase.js";
import { RealTime } from "./RealTime.js";

const SWING = "name: swing\ngoal:\n  - joint_positions: { joint1: 2.2 rad }\ntimeout: 40 s\n";
const THREADS = 4;
const SPIN = "for (;;);";

/**
 * The machine has no time for the true agent for a while, in motion: the arm stops, the task waits and is done.
 * @param act resolves once it is over
 */
const busy = (name: string, act: (world: RealTime, rng: Rng) => Promise<void>): FaultCase => ({
  group: "thread",
  name,
  expect: "stops, goes on",
  run: async (seed): Promise<Outcome> => {
    const world = new RealTime();
    try {
      const agent = await world.connect((setup, clock) => AgentRuntime.start(setup, { clock }));
      const task = agent.accomplish(SWING, 0);
      const rng = new Rng(seed);
      if (!(await world.until(() => world.speed > 0.3, 20)))
        return { end: "never moved", violations: world.violations, fault: "it never moved" };
      await new Promise((r) => setTimeout(r, rng.range(0, 200)));
      await act(world, rng);
      const result = await task.result;
      return {
        end: result.success ? "done" : result.code,
        violations: world.violations,
        fault: result.success ? "" : `${result.code}: ${result.message}`,
      };
    } finally {
      await world.end();
    }
  },
});

const later = (s: number): Promise<void> => new Promise((r) => setTimeout(r, 1000 * s));

export const busyFaults: readonly FaultCase[] = [
  busy("joint states silent for 1.2 to 4 s", async (world, rng) => {
    world.deaf = true;
    await later(rng.range(1.2, 4));
    world.deaf = false;
  }),
  busy("the main thread is kept from running for 1.2 to 2 s", async (_, rng) => {
    for (const until = performance.now() + 1000 * rng.range(1.2, 2); performance.now() < until;);
  }),
  busy("four threads that never rest beside it, for 3 s", async () => {
    const threads = Array.from({ length: THREADS }, () => new Worker(SPIN, { eval: true }));
    await later(3);
    await Promise.all(threads.map((t) => t.terminate()));
  }),
];
