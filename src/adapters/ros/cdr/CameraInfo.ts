import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readFloats, readString, writeFloats, writer, writeString } from "./sequences.js";

/** sensor_msgs/CameraInfo of an unbinned camera without region of interest. Matrices are row-major. */
export interface CameraInfo {
  readonly header: Header;
  readonly height: number;
  readonly width: number;
  readonly distortionModel: string;
  readonly d: ArrayLike<number>;
  readonly k: ArrayLike<number>; // [9]
  readonly r: ArrayLike<number>; // [9]
  readonly p: ArrayLike<number>; // [12]
}

export function encodeCameraInfo(m: CameraInfo): Uint8Array {
  const w = writer(512);
  writeHeader(w, m.header);
  w.uint32(m.height);
  w.uint32(m.width);
  writeString(w, m.distortionModel);
  writeFloats(w, m.d);
  for (const [matrix, n] of [
    [m.k, 9],
    [m.r, 9],
    [m.p, 12],
  ] as const)
    for (let i = 0; i < n; i++) w.float64(matrix[i]);
  w.uint32(0); // binning_x
  w.uint32(0); // binning_y
  for (let i = 0; i < 4; i++) w.uint32(0); // roi
  w.uint8(0); // roi.do_rectify
  return w.data;
}

/** @throws RangeError if the bytes are no CameraInfo */
export function decodeCameraInfo(bytes: Uint8Array): CameraInfo {
  const r = reader(bytes);
  const header = readHeader(r),
    height = r.uint32(),
    width = r.uint32(),
    distortionModel = readString(r),
    d = readFloats(r, bounds.distortion);
  const matrix = (n: number): Float64Array => Float64Array.from({ length: n }, () => r.float64());
  return { header, height, width, distortionModel, d, k: matrix(9), r: matrix(9), p: matrix(12) };
}
