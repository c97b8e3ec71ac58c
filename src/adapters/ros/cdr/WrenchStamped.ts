import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, writer } from "./sequences.js";

/** geometry_msgs/WrenchStamped. */
export interface WrenchStamped {
  readonly header: Header;
  readonly wrench: ArrayLike<number>; // [6] force in N, torque in N·m
}

export function encodeWrenchStamped({ header, wrench }: WrenchStamped): Uint8Array {
  const w = writer(96);
  writeHeader(w, header);
  for (let i = 0; i < 6; i++) w.float64(wrench[i]);
  return w.data;
}

/** @throws RangeError if the bytes are no WrenchStamped */
export function decodeWrenchStamped(bytes: Uint8Array): WrenchStamped {
  const r = reader(bytes);
  return { header: readHeader(r), wrench: Float64Array.from({ length: 6 }, () => r.float64()) };
}
