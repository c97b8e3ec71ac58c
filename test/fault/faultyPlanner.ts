import { parentPort, workerData } from "node:worker_threads";
import type { ToPlanner } from "../../src/runtime/messages.js";

/**
 * A planning level's thread that fails once, in the midst of a task, as `setup.fault` says; else the true one. The
 * memory is shared, so that it knows when it has.
 */
const { setup, index } = workerData as {
  setup: { fault: { kind: string; left: Int32Array }; agent: { levels: unknown[] } };
  index: number;
};
const { kind, left } = setup.fault;
const SOON = 400; // ms into a task

// first: a listener of ours would take its messages
await import(new URL("../../src/runtime/threads/planningWorker.js", import.meta.url).href);
if (index === setup.agent.levels.length - 1) {
  parentPort!.on("message", (message: ToPlanner) => {
    if (message.kind === "task" && message.task !== undefined) setTimeout(fail, SOON, message.generation);
  });
}
function fail(generation: number): void {
  if (Atomics.sub(left, 0, 1) <= 0) return;
  switch (kind) {
    case "crash":
      throw new Error("injected");
    case "exit":
      return process.exit(3);
    case "hang":
      for (;;);
    case "memory": {
      const hoard: unknown[] = [];
      for (;;) hoard.push(Array.from({ length: 1e5 }, (_, i) => ({ i })));
    }
    case "rejection":
      return void Promise.reject(new Error("injected"));
    case "nonsense":
      return parentPort!.postMessage({
        kind: "plan",
        generation,
        plan: {
          level: "motion",
          stamp: NaN,
          dt: 0.1,
          H: 10,
          substeps: 1,
          nq: 7,
          q: new Float64Array(77).fill(NaN),
          v: new Float64Array(77),
          feasible: true,
          energies: {},
          time: 0,
        },
      });
  }
}
