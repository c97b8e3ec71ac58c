import { mcapRecords } from "./mcapRecords.js";

/** One serialised message of a recording. */
export interface StreamedMessage {
  readonly topic: string;
  readonly type: string;
  readonly stamp: number; // s
  readonly data: Uint8Array; // CDR
}

/**
 * The messages of a recording in the order they were written. Returns whether the file is complete.
 * @throws Error as `mcapRecords`
 */
export function* streamRecording(path: string): Generator<StreamedMessage, boolean> {
  const schemas = new Map<number, string>(),
    channels = new Map<number, { topic: string; type: string }>();
  const records = mcapRecords(path);
  for (;;) {
    const { value: record, done } = records.next();
    if (done) return record;
    if (record.type === "Schema") schemas.set(record.id, record.name);
    else if (record.type === "Channel")
      channels.set(record.id, { topic: record.topic, type: schemas.get(record.schemaId) ?? "" });
    else if (record.type === "Message")
      yield { ...channels.get(record.channelId)!, stamp: Number(record.logTime) / 1e9, data: record.data.slice() };
  }
}
