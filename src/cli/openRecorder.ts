import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Recorder } from "../adapters/ros/client/Recorder.js";

/** The recorder for `--record [file]`. Without a file name the file is in runs/, named by the time of day. */
export async function openRecorder(
  wanted: string | true | undefined,
  tell: (why: string) => void,
): Promise<Recorder | undefined> {
  if (wanted === undefined) return undefined;
  const [{ RecordingWriter }, { Recorder }] = await Promise.all([
    import("../memory/episodes/RecordingWriter.js"),
    import("../adapters/ros/client/Recorder.js"),
  ]);
  const name = `recording-${new Date().toISOString().replace(/[-:]/g, "")}.mcap`;
  const path = wanted === true ? join(process.env.TELOS_RUNS ?? "runs", name) : wanted;
  mkdirSync(dirname(path), { recursive: true });
  return new Recorder(new RecordingWriter(path, tell));
}
