import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import type { decode as Decode } from "fast-png";
import { BindError } from "../BindError.js";

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_PIXELS = 4096 * 4096;

/** A picture as rows of 8-bit RGB; transparency is dropped, grey becomes equal parts. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array; // [height,width,3]
}

/**
 * Reads a PNG of 8-bit grey or RGB, with or without transparency.
 * @throws BindError for the key that names the file
 */
export function readPng(file: string): Picture {
  const fail = (message: string): never => {
    throw new BindError("IMAGE", `${file}: ${message}`, ["path"]);
  };
  const bytes = readFile(file, fail);
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || head.getUint32(0) !== 0x89504e47 || head.getUint32(12) !== 0x49484452)
    fail("got no PNG file, want one");
  if (head.getUint32(16) * head.getUint32(20) > MOST_PIXELS)
    // before any memory is allocated for them
    fail(`got ${head.getUint32(16)} × ${head.getUint32(20)} pixels, want at most ${MOST_PIXELS} in all`);
  let png;
  try {
    // here, not above: tasks without pictures do not pay for it
    const { decode } = createRequire(import.meta.url)("fast-png") as { decode: typeof Decode };
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    return fail(`got a damaged PNG file (${String((error as Error).message).slice(0, 80)})`);
  }
  const { width, height, channels, depth, data, palette } = png;
  if (depth !== 8 || palette !== undefined)
    return fail(`got ${palette === undefined ? `${depth} bits a colour` : "a palette"}, want 8-bit grey or RGB`);
  if (data.length !== width * height * channels) return fail("got a damaged PNG file: pixels are missing");
  const out = new Uint8Array(width * height * 3);
  const grey = channels < 3;
  for (let i = 0, o = 0; o < out.length; i += channels, o += 3)
    for (let c = 0; c < 3; c++) out[o + c] = data[i + (grey ? 0 : c)];
  return { width, height, data: out };
}

function readFile(file: string, fail: (message: string) => never): Uint8Array {
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return fail(`got no readable file (${(error as NodeJS.ErrnoException).code ?? "error"}), want a PNG picture`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return fail("got something that is not a file, want a PNG picture");
    if (stat.size > MOST_BYTES) return fail(`got ${stat.size} bytes, want at most ${MOST_BYTES}`);
    const bytes = new Uint8Array(stat.size);
    let n = 0;
    for (let more = 1; n < bytes.length && more > 0; n += more) more = readSync(fd, bytes, n, bytes.length - n, n);
    return bytes.subarray(0, n);
  } finally {
    closeSync(fd);
  }
}
