import { bounds } from "./cdr/bounds.js";
import type { Image } from "./cdr/Image.js";

/** Rows of 8-bit RGB without gaps, as a copy. @throws RangeError for an encoding or a size that does not fit */
export function rgbOfImage({ encoding, width, height, step, data }: Image): Uint8Array {
  const swap = encoding === "bgr8";
  if (!swap && encoding !== "rgb8") throw new RangeError(`image encoding ${encoding.slice(0, 20)}, want rgb8 or bgr8`);
  for (const side of [width, height])
    if (!(side >= 1 && side <= bounds.side))
      throw new RangeError(`image of ${width} × ${height}, want 1 to ${bounds.side} each`);
  if (!(step >= 3 * width && data.length >= step * height))
    throw new RangeError(`image of ${data.length} bytes, want ${height} rows of at least ${3 * width} bytes`);
  const out = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) out.set(data.subarray(y * step, y * step + 3 * width), 3 * width * y);
  if (swap) for (let i = 0; i < out.length; i += 3) [out[i], out[i + 2]] = [out[i + 2], out[i]];
  return out;
}
