import { parentPort, workerData } from "node:worker_threads";
import { writeRecording } from "../memory/episodes/writeRecording.js";
import { Collector } from "./Collector.js";
import { episodeFile } from "./episodeFiles.js";
import { explorerOf } from "./explorerOf.js";
import { recordEpisode } from "./recordEpisode.js";
import type { CollectJob } from "./CollectJob.js";

/** Summary of a recorded episode. */
export interface Collected {
  readonly number: number;
  readonly frames: number;
  readonly steps: number;
  readonly contacts: number; // steps with contact
  readonly commands: number; // reflex periods
  readonly limited: number; // … that the safety filter limited
  readonly stopped: number; // … that it stopped
  readonly bytes: number;
  readonly end: string;
  readonly moved: readonly number[]; // m, of each thing in each step
}

/** Runs one episode and writes it. */
export async function collectEpisode(
  collector: Collector,
  { seed, folder, version, policy }: CollectJob,
  number: number,
): Promise<Collected> {
  const episode = await collector.live(seed, number);
  const bytes = await writeRecording(episodeFile(folder, number), recordEpisode(collector, episode, version, policy));
  const { frames, contact, end, sent, limited, stopped } = episode;
  const moved = frames
    .slice(1)
    .flatMap(({ objects }, k) =>
      objects.map((o, i) => Math.hypot(...o.position.map((x, c) => x - frames[k].objects[i].position[c]))),
    );
  return {
    number,
    frames: frames.length,
    steps: contact.length,
    contacts: contact.filter((x) => x).length,
    commands: sent.reduce((sum, s) => sum + s.q.length, 0),
    limited,
    stopped,
    bytes,
    end,
    moved,
  };
}

// In a separate thread: receives an episode number, and sends its summary back.
if (parentPort !== null) {
  const port = parentPort;
  const job = workerData as CollectJob;
  const collector = explorerOf(job.policy).then((explorer) => Collector.create(job.config, explorer));
  port.on("message", (number: number) => {
    collector
      .then((c) => collectEpisode(c, job, number))
      .then(
        (collected) => port.postMessage(collected),
        (error: unknown) => {
          throw error;
        },
      );
  });
}
