import { mcapRecords } from "./mcapRecords.js";
import type { RecordedMessage, Recording, RecordingChannel } from "./writeRecording.js";

/**
 * A whole recording, with its channels and metadata.
 * @throws Error as `mcapRecords`, and for an incomplete file
 */
export function loadRecording(path: string): Recording {
  const records = mcapRecords(path);
  const schemas = new Map<number, { name: string; text: string }>();
  const topics = new Map<number, string>();
  const channels: RecordingChannel[] = [];
  const messages: RecordedMessage[] = [];
  const metadata = new Map<string, string>();
  let next = records.next();
  for (; !next.done; next = records.next()) {
    const { value: record } = next;
    if (record.type === "Schema")
      schemas.set(record.id, { name: record.name, text: Buffer.from(record.data).toString() });
    else if (record.type === "Channel" && !topics.has(record.id)) {
      topics.set(record.id, record.topic);
      const { name, text } = schemas.get(record.schemaId)!;
      channels.push({ topic: record.topic, type: name, definition: text });
    } else if (record.type === "Message")
      messages.push({ topic: topics.get(record.channelId)!, stamp: record.logTime, data: record.data.slice() });
    else if (record.type === "Metadata") for (const [key, value] of record.metadata) metadata.set(key, value);
  }
  if (!next.value) throw new Error(`${path}: got a file that ends early, want a whole MCAP file`);
  return { channels, messages, metadata };
}
