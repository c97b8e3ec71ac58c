import { mkdirSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { preferThread, sendAs } from "../../core/threads/preferThread.js";
import { finishLog, unfinishedEpisode, type UnfinishedEpisode } from "./finishLog.js";
import { LogFile } from "./LogFile.js";
import type { LogEntry } from "./logRecord.js";
import { pastLogs, pruneLogs, type LogLimits } from "./pruneLogs.js";

const NICENESS = 5; // memory can wait, the arm cannot
preferThread(NICENESS);

export interface LogData {
  readonly folder: string;
  readonly path: string;
  readonly jointNames: readonly string[];
  readonly limits: LogLimits;
}

export type ToLog =
  | { readonly kind: "entries"; readonly entries: readonly LogEntry[]; readonly number: number }
  | { readonly kind: "close" };
export type FromLog =
  | { readonly kind: "opened" }
  | { readonly kind: "written"; readonly number: number } // batches up to this one are on disk
  | { readonly kind: "unfinished"; readonly episode: UnfinishedEpisode }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "closed" };

/**
 * The thread that writes the episode log, so that encoding and the disk do not delay control. A failed or full disk
 * ends the log, not the agent. The last run's unfinished episode is searched after the file is open, so that nothing
 * waits for it.
 */
const { folder, path, jointNames, limits } = workerData as LogData;
const tell = (message: FromLog): void => sendAs(NICENESS, () => parentPort!.postMessage(message));
let file: LogFile | undefined;

const guarded = (act: () => void): void => {
  try {
    act();
  } catch (error) {
    file = undefined;
    tell({ kind: "failed", message: (error as Error).message });
  }
};

guarded(() => {
  mkdirSync(folder, { recursive: true });
  file = new LogFile(path, jointNames);
  tell({ kind: "opened" });
});

parentPort!.on("message", (message: ToLog) => {
  switch (message.kind) {
    case "entries":
      guarded(() => file?.append(message.entries));
      if (file !== undefined) tell({ kind: "written", number: message.number });
      if (file !== undefined && file.bytes > limits.size) {
        file.close();
        file = undefined;
        tell({ kind: "failed", message: `the run's log reached ${(limits.size / 1e6).toFixed(0)} MB, its limit` });
      }
      break;
    case "close":
      guarded(() => file?.close());
      file = undefined;
      tell({ kind: "closed" });
      break;
    default:
      message satisfies never;
  }
});

for (const act of [recall, () => pruneLogs(folder, limits)]) {
  try {
    act();
  } catch {
    // damaged or locked old logs stay as they are; the new one does not depend on them
  }
}

function recall(): void {
  const [last] = pastLogs(folder);
  if (last === undefined || !finishLog(last)) return;
  const episode = unfinishedEpisode(last);
  if (episode !== undefined) tell({ kind: "unfinished", episode });
}
