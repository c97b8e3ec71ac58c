import { Worker } from "node:worker_threads";
import type { Collected } from "./collectWorker.js";
import type { CollectJob } from "./CollectJob.js";
import { missingEpisodes } from "./episodeFiles.js";

/**
 * Collects the episodes below `count` that the folder lacks, in several threads. Every file in it is complete at any
 * time, so that a collection can be stopped and continued.
 *
 * @param begin called with the number of episodes to be made
 * @param each called after each episode
 * @param signal ends it after the episodes under way
 * @throws Error of a worker, or if the folder holds another collection
 */
export async function collect(
  job: CollectJob,
  o: {
    count: number;
    workers: number;
    begin: (todo: number) => void;
    each: (episode: Collected) => void;
    signal?: AbortSignal;
  },
): Promise<void> {
  const todo = missingEpisodes(job.folder, job, o.count);
  o.begin(todo.length);
  let next = 0;
  const run = async (): Promise<void> => {
    const worker = new Worker(new URL("./collectWorker.js", import.meta.url), { workerData: job });
    try {
      while (next < todo.length && o.signal?.aborted !== true) {
        worker.postMessage(todo[next++]);
        o.each(
          await new Promise<Collected>((resolve, reject) => {
            worker.once("message", resolve);
            worker.once("error", reject);
          }),
        );
        worker.removeAllListeners("error");
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(o.workers, todo.length) }, run));
}
