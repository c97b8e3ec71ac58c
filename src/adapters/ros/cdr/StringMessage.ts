import { bounds } from "./bounds.js";
import { reader, readString, writer, writeString } from "./sequences.js";

/** std_msgs/String. */
export function encodeString(data: string): Uint8Array {
  const w = writer(16 + 3 * data.length);
  writeString(w, data);
  return w.data;
}

/** @throws RangeError if the bytes are no String */
export function decodeString(bytes: Uint8Array): string {
  return readString(reader(bytes), bounds.text);
}
