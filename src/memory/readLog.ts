import { closeSync, openSync, readSync } from "node:fs";
import { McapStreamReader } from "@mcap/core";
import type { Seconds } from "../core/Seconds.js";
import type { LogTopic } from "./logChannels.js";

/** One remembered message. */
export interface LogMessage {
  readonly topic: LogTopic;
  readonly stamp: Seconds;
  readonly data: never; // as its channel's schema has it
}

const BLOCK = 1 << 20; // bytes

/**
 * The messages of a log, in the order they were written; a file that was cut off anywhere ends with its last whole record.
 * @throws Error of the file system, or of MCAP for a file that is none or is damaged in the middle
 */
export function* readLog(path: string): Generator<LogMessage, void> {
  const reader = new McapStreamReader();
  const topics = new Map<number, LogTopic>();
  const fd = openSync(path, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    for (let n = 1; n > 0 && !reader.done(); ) {
      n = readSync(fd, block, 0, BLOCK, null);
      if (n > 0) reader.append(block.subarray(0, n));
      for (let record; (record = reader.nextRecord()) !== undefined; ) {
        if (record.type === "Channel") topics.set(record.id, record.topic as LogTopic);
        else if (record.type === "Message") yield { topic: topics.get(record.channelId)!, stamp: Number(record.logTime) / 1e9, data: JSON.parse(Buffer.from(record.data).toString()) as never };
      }
    }
  } finally {
    closeSync(fd);
  }
}
