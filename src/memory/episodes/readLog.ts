import type { Seconds } from "../../core/Seconds.js";
import type { LogTopic } from "./logChannels.js";
import { mcapRecords } from "./mcapRecords.js";

/** One logged message. */
export interface LogMessage {
  readonly topic: LogTopic;
  readonly stamp: Seconds;
  readonly data: never; // in the form of its channel's schema
}

/**
 * The messages of a log, in the order they were written. An incomplete file ends with its last complete record.
 * @throws Error as `mcapRecords`
 */
export function* readLog(path: string): Generator<LogMessage, void> {
  const topics = new Map<number, LogTopic>();
  for (const record of mcapRecords(path)) {
    if (record.type === "Channel") topics.set(record.id, record.topic as LogTopic);
    else if (record.type === "Message")
      yield {
        topic: topics.get(record.channelId)!,
        stamp: Number(record.logTime) / 1e9,
        data: JSON.parse(Buffer.from(record.data).toString()) as never,
      };
  }
}
