import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readLength, readString, writer, writeString } from "./sequences.js";

/** sensor_msgs/Image: `data` has `height` rows of `step` bytes. */
export interface Image {
  readonly header: Header;
  readonly height: number;
  readonly width: number;
  readonly encoding: string; // "rgb8", "bgr8", "32FC1" …
  readonly isBigendian: boolean;
  readonly step: number; // bytes a row
  readonly data: Uint8Array;
}

export function encodeImage(m: Image): Uint8Array {
  const w = writer(128 + m.data.length);
  writeHeader(w, m.header);
  w.uint32(m.height);
  w.uint32(m.width);
  writeString(w, m.encoding);
  w.uint8(m.isBigendian ? 1 : 0);
  w.uint32(m.step);
  w.uint8Array(m.data, true);
  return w.data;
}

/** `data` is a view on `bytes`, not a copy. @throws RangeError if the bytes are no Image */
export function decodeImage(bytes: Uint8Array): Image {
  const r = reader(bytes);
  const header = readHeader(r),
    height = r.uint32(),
    width = r.uint32(),
    encoding = readString(r),
    isBigendian = r.uint8() !== 0,
    step = r.uint32();
  const n = readLength(r, 1, bounds.image);
  if (n > r.byteLength - r.offset) throw new RangeError(`${n} bytes of image in ${r.byteLength - r.offset}`);
  return { header, height, width, encoding, isBigendian, step, data: r.uint8Array(n) };
}
