import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { MCAP_MAGIC, McapRecordBuilder } from "@mcap/core";
import type { Seconds } from "../../core/Seconds.js";
import { readLog } from "./readLog.js";

/** An episode that started and never ended, because the process died. */
export interface UnfinishedEpisode {
  readonly task: string;
  readonly after: Seconds; // from its start to its last entry
  readonly path: string;
}

const MAGIC = Buffer.from(MCAP_MAGIC);
const HEAD = 9; // bytes of a record before its content: opcode, length

/**
 * Ends a log that its process could not end: cuts off an incomplete last record, and adds the footer that makes it a
 * valid (unindexed) file.
 * @returns whether the file was changed
 * @throws Error of the file system, and for a file that is not MCAP
 */
export function finishLog(path: string): boolean {
  const fd = openSync(path, "r+");
  try {
    const { size } = fstatSync(fd);
    if (!magicAt(fd, 0)) throw new Error(`${path} is not an MCAP file`);
    if (size >= 2 * MAGIC.length && magicAt(fd, size - MAGIC.length)) return false;
    const head = Buffer.alloc(HEAD);
    let end = MAGIC.length;
    while (end + HEAD <= size) {
      readSync(fd, head, 0, HEAD, end);
      const next = end + HEAD + Number(head.readBigUInt64LE(1));
      if (next > size || head[0] === DATA_END) break;
      end = next;
    }
    ftruncateSync(fd, end);
    const builder = new McapRecordBuilder();
    builder.writeDataEnd({ dataSectionCrc: 0 });
    builder.writeFooter({ summaryStart: 0n, summaryOffsetStart: 0n, summaryCrc: 0 });
    builder.writeMagic();
    writeSync(fd, builder.buffer, 0, builder.length, end);
    return true;
  } finally {
    closeSync(fd);
  }
}

const DATA_END = 0x0f; // after it only indices follow; a log cut off within them loses no message

function magicAt(fd: number, position: number): boolean {
  const found = Buffer.alloc(MAGIC.length);
  return readSync(fd, found, 0, MAGIC.length, position) === MAGIC.length && found.equals(MAGIC);
}

/** The last episode of a log, if it never ended. @throws Error as readLog */
export function unfinishedEpisode(path: string): UnfinishedEpisode | undefined {
  let begun: { number: number; task: string; stamp: Seconds } | undefined;
  let last: Seconds = 0;
  for (const { topic, stamp, data } of readLog(path)) {
    last = Math.max(last, stamp);
    if (topic !== "~/episode") continue;
    const { event, number, task } = data as { event: string; number: number; task: string };
    if (event === "begin") begun = { number, task, stamp };
    else if (begun?.number === number) begun = undefined;
  }
  return begun && { task: begun.task, after: last - begun.stamp, path };
}
