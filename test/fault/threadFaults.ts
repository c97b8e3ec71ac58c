import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import type { FaultCase, Outcome } from "./FaultCase.js";
import { RealTime } from "./RealTime.js";

const planner = new URL("./faultyPlanner.js", import.meta.url);
const SWING = "name: swing\ngoal:\n  - joint_positions: { joint1: 2.5 rad }\ntimeout: 40 s\n";

/**
 * The true agent with all its threads, one of which fails while the arm moves: the arm rests on its fail-safe
 * trajectory, the thread is started anew, the task is done.
 */
const thread = (name: string, kind: string, meanwhile: () => void = () => undefined): FaultCase => ({
  group: "thread",
  name,
  expect: "restarts",
  run: async (): Promise<Outcome> => {
    const world = new RealTime();
    try {
      const left = new Int32Array(new SharedArrayBuffer(4)).fill(1);
      Object.assign(world.setup, { fault: { kind, left } });
      const agent = await world.connect((setup, clock) => AgentRuntime.start(setup, { clock, planner }));
      const task = agent.accomplish(SWING, 0);
      setTimeout(meanwhile, 600);
      const result = await task.result;
      const rest = await world.rest(3);
      const fault = [
        result.success ? "" : `${result.code}: ${result.message}`,
        kind !== "" && left[0] > 0 ? "the fault never came" : "",
        rest < 3 ? "" : "still moving",
      ]
        .filter((x) => x !== "")
        .join("; ");
      return { end: result.success ? "done" : result.code, violations: world.violations, fault };
    } finally {
      await world.end();
    }
  },
});

/** Garbage of 200 MB a second on the thread that carries commands, for 2 s. */
function litter(): void {
  let hoard: unknown[] = [];
  const timer = setInterval(() => {
    hoard.push(Array.from({ length: 4e4 }, (_, i) => ({ i })));
    if (hoard.length > 20) hoard = [];
  }, 10);
  setTimeout(() => clearInterval(timer), 2000);
}

/** The thread that carries commands does nothing else for 0.4 s. */
function block(): void {
  for (const until = performance.now() + 400; performance.now() < until;);
}

export const threadFaults: readonly FaultCase[] = [
  thread("a planner throws", "crash"),
  thread("a planner ends its thread", "exit"),
  thread("a planner's promise is rejected", "rejection"),
  thread("a planner never comes back (infinite loop)", "hang"),
  thread("a planner runs out of memory", "memory"),
  thread("a planner sends nonsense", "nonsense"),
  thread("garbage collection storm on the main thread", "", litter),
  thread("the main thread is blocked for 0.4 s", "", block),
];
