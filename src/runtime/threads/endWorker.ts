import type { Worker } from "node:worker_threads";

const PATIENCE = 1000; // ms; whoever has not ended by then hangs

/**
 * Ends a thread that has a learned model: it is asked to, and does so between two runs of its graphs. Ended in the
 * midst of one, the runtime's native code would come back to a JavaScript that is gone, throw, and take the process
 * with it.
 */
export async function endWorker(worker: Worker): Promise<void> {
  const asked = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.postMessage({ kind: "end" });
  let timer!: NodeJS.Timeout;
  // below 0: it ended long ago
  const hanging = new Promise<void>((resolve) => (timer = setTimeout(resolve, worker.threadId < 0 ? 0 : PATIENCE)));
  await Promise.race([asked, hanging]);
  clearTimeout(timer);
  await worker.terminate();
}
