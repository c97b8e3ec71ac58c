import { reader, writer } from "./sequences.js";
import { readStamp, writeStamp, type Stamp } from "./Stamp.js";

/** rosgraph_msgs/Clock. */
export function encodeClock(stamp: Stamp): Uint8Array {
  const w = writer(16);
  writeStamp(w, stamp);
  return w.data;
}

/** @throws RangeError if the bytes are no Clock */
export function decodeClock(bytes: Uint8Array): Stamp {
  return readStamp(reader(bytes));
}
