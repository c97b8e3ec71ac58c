import { CdrReader, CdrWriter, EncapsulationKind } from "@foxglove/cdr";
import { bounds } from "./bounds.js";

/** A writer for the default encoding of Fast DDS: XCDR1, little endian. `size` is a guess that saves growing. */
export function writer(size = 256): CdrWriter {
  return new CdrWriter({ kind: EncapsulationKind.CDR_LE, size });
}

/** @throws RangeError if there are not even the four bytes of the header */
export function reader(bytes: Uint8Array): CdrReader {
  if (bytes.byteLength < 4) throw new RangeError(`a message of ${bytes.byteLength} bytes, want at least 4`);
  return new CdrReader(bytes);
}

/**
 * The length of a sequence whose items take at least `bytes` each.
 * @throws RangeError for more than `most`, or more than fits into the rest of the message: a wrong length must not make
 * us allocate memory
 */
export function readLength(r: CdrReader, bytes: number, most: number): number {
  const n = r.sequenceLength();
  if (n > most) throw new RangeError(`a sequence of ${n} items, want at most ${most}`);
  if (n * bytes > r.byteLength - r.offset + 4)
    throw new RangeError(`a sequence of ${n} items in ${r.byteLength - r.offset} bytes`);
  return n;
}

/**
 * float64[] as a copy: a view would keep the whole message alive, or worse, see it overwritten.
 * @throws RangeError as `readLength`
 */
export function readFloats(r: CdrReader, most: number): Float64Array {
  return within(r, r.float64Array(readLength(r, 8, most)).slice());
}

/** A string of at most `most` bytes. @throws RangeError as `readLength` */
export function readString(r: CdrReader, most: number = bounds.name): string {
  const n = r.uint32();
  if (n > most + 1) throw new RangeError(`a string of ${n} bytes, want at most ${most}`);
  if (n > r.byteLength - r.offset) throw new RangeError(`a string of ${n} bytes in ${r.byteLength - r.offset}`);
  return r.string(n);
}

/** string[]; a string takes at least its length and its end. @throws RangeError as `readLength` */
export function readStrings(r: CdrReader, most: number): string[] {
  return Array.from({ length: readLength(r, 4, most) }, () => readString(r));
}

/**
 * The value read, if it lies within the message: the bytes after it in memory belong to others, and the library would
 * return them.
 * @throws RangeError
 */
function within<T>(r: CdrReader, value: T): T {
  if (r.offset > r.byteLength) throw new RangeError(`a message that ends ${r.offset - r.byteLength} bytes too early`);
  return value;
}

export function writeFloats(w: CdrWriter, x: ArrayLike<number>): void {
  w.float64Array(x instanceof Float64Array ? x : Float64Array.from(x), true);
}

/** UTF-8; the library's own `string` counts characters where bytes are meant and so cuts what is not ASCII. */
export function writeString(w: CdrWriter, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  w.uint32(bytes.length + 1);
  w.uint8Array(bytes);
  w.uint8(0);
}

export function writeStrings(w: CdrWriter, x: readonly string[]): void {
  w.sequenceLength(x.length);
  for (const s of x) writeString(w, s);
}
