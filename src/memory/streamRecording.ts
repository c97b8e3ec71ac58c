import { closeSync, openSync, readSync } from "node:fs";
import { McapStreamReader } from "@mcap/core";

/** One serialised message of a recording. */
export interface StreamedMessage {
  readonly topic: string;
  readonly type: string;
  readonly stamp: number; // s
  readonly data: Uint8Array; // CDR
}

const BLOCK = 1 << 20; // bytes

/** The messages of a recording in the order they were written, up to where the file was cut off. @throws Error of the file system, or of MCAP for a file that is none */
export function* streamRecording(path: string): Generator<StreamedMessage, void> {
  const reader = new McapStreamReader();
  const schemas = new Map<number, string>(), channels = new Map<number, { topic: string; type: string }>();
  const fd = openSync(path, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    for (let n = 1; n > 0 && !reader.done(); ) {
      n = readSync(fd, block, 0, BLOCK, null);
      if (n > 0) reader.append(block.subarray(0, n));
      for (let record; (record = reader.nextRecord()) !== undefined; ) {
        if (record.type === "Schema") schemas.set(record.id, record.name);
        else if (record.type === "Channel") channels.set(record.id, { topic: record.topic, type: schemas.get(record.schemaId) ?? "" });
        else if (record.type === "Message") yield { ...channels.get(record.channelId)!, stamp: Number(record.logTime) / 1e9, data: record.data.slice() };
      }
    }
  } finally {
    closeSync(fd);
  }
}
