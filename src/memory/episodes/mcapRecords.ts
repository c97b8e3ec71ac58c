import { closeSync, openSync, readSync } from "node:fs";
import { McapStreamReader, type McapTypes } from "@mcap/core";

const BLOCK = 1 << 20; // bytes

/**
 * The records of an MCAP file in the order they were written, up to its end or a cut. Returns whether the file is
 * complete.
 * @throws Error that names the file: of the file system, or of MCAP if the file is not MCAP, is damaged, or has an
 * unsupported compression
 */
export function* mcapRecords(path: string): Generator<McapTypes.TypedMcapRecord, boolean> {
  const reader = new McapStreamReader();
  const fd = openSync(path, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    for (let n = 1; n > 0 && !reader.done();) {
      n = readSync(fd, block, 0, BLOCK, null);
      if (n > 0) reader.append(block.subarray(0, n));
      for (let record; (record = next(reader, path)) !== undefined;) yield record;
    }
    return reader.done();
  } finally {
    closeSync(fd);
  }
}

function next(reader: McapStreamReader, path: string): McapTypes.TypedMcapRecord | undefined {
  try {
    return reader.nextRecord();
  } catch (error) {
    throw new Error(
      `${path}: ${(error as Error).message}, want an MCAP file as telos writes it (its chunks are not compressed)`,
    );
  }
}
