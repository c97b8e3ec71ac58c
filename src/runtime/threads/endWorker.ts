import type { Worker } from "node:worker_threads";

const PATIENCE = 1000; // ms; a thread that has not ended by then hangs
const LOADING = 20_000; // ms; a thread that is not ready by then hangs

/**
 * Ends a thread that has a learned model. The thread is asked to end, and does so between two runs of its graphs. If it
 * were ended during a run, or while it loads them, the runtime's native code would return to a JavaScript engine that
 * is gone, throw, and end the process.
 * @param ready settles once it has loaded all, or could not
 */
export async function endWorker(worker: Worker, ready: Promise<unknown>): Promise<void> {
  await within(
    LOADING,
    ready.catch(() => undefined),
  );
  const asked = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.postMessage({ kind: "end" });
  await within(worker.threadId < 0 ? 0 : PATIENCE, asked); // below 0: it ended long ago
  await worker.terminate();
}

/** Resolves with `done`, or after so many ms. */
async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer!: NodeJS.Timeout;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, late]);
  clearTimeout(timer);
}
