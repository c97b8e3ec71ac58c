import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import { readStamp, writeStamp, type Stamp } from "./Stamp.js";
import { readString, writeString } from "./sequences.js";

/** std_msgs/Header. */
export interface Header {
  readonly stamp: Stamp;
  readonly frameId: string;
}

export function writeHeader(w: CdrWriter, h: Header): void {
  writeStamp(w, h.stamp);
  writeString(w, h.frameId);
}

/** @throws RangeError if the bytes end too early */
export function readHeader(r: CdrReader): Header {
  return { stamp: readStamp(r), frameId: readString(r) };
}
