import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readFloats, writeFloats, writer } from "./sequences.js";

/** telos_interfaces/Commanded. */
export interface CommandedMessage {
  readonly header: Header;
  readonly following: boolean;
  readonly position: ArrayLike<number>; // [n] rad
  readonly velocity: ArrayLike<number>; // [n] rad/s
}

export function encodeCommanded(m: CommandedMessage): Uint8Array {
  const w = writer(64 + 16 * m.position.length);
  writeHeader(w, m.header);
  w.uint8(m.following ? 1 : 0);
  writeFloats(w, m.position);
  writeFloats(w, m.velocity);
  return w.data;
}

/** @throws RangeError if the bytes are no Commanded */
export function decodeCommanded(bytes: Uint8Array): CommandedMessage {
  const r = reader(bytes);
  return {
    header: readHeader(r),
    following: r.uint8() !== 0,
    position: readFloats(r, bounds.joints),
    velocity: readFloats(r, bounds.joints),
  };
}
