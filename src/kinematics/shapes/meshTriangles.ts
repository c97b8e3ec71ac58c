import { colladaTriangles } from "./colladaTriangles.js";
import { UrdfError } from "../urdf/UrdfError.js";

/**
 * Triangles [n,3,3] of a mesh file in its own units: STL binary or ASCII, OBJ, and COLLADA in m. A file of points
 * without faces gives each point as a triangle of size 0. Undefined for an unsupported format; throws UrdfError on a
 * damaged file.
 */
export function meshTriangles(bytes: Uint8Array, uri: string): Float64Array | undefined {
  const triangles = read(bytes, uri.toLowerCase().split(".").pop());
  if (triangles === undefined) return undefined;
  if (triangles.length === 0 || !triangles.every(Number.isFinite))
    throw new UrdfError(
      `mesh ${JSON.stringify(uri)}`,
      triangles.length === 0 ? "no vertices" : "a coordinate that is not finite",
      "a mesh",
    );
  return triangles;
}

function read(bytes: Uint8Array, extension: string | undefined): Float64Array | undefined {
  const text = (): string => new TextDecoder("latin1").decode(bytes);
  switch (extension) {
    case "stl":
      return stlBinary(bytes) ?? stlText(text());
    case "obj":
      return obj(text());
    case "dae":
      return colladaTriangles(text());
    default:
      return undefined;
  }
}

/**
 * 80 bytes of header, uint32 count, 50 bytes per triangle. The size distinguishes binary from text, because binary
 * files may start with "solid" too.
 */
function stlBinary(bytes: Uint8Array): Float64Array | undefined {
  if (bytes.length < 84) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = view.getUint32(80, true);
  if (bytes.length < 84 + 50 * n || (n === 0 && bytes.length > 84)) return undefined;
  const out = new Float64Array(9 * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < 9; k++) out[9 * i + k] = view.getFloat32(84 + 50 * i + 12 + 4 * k, true);
  return out;
}

function stlText(text: string): Float64Array {
  const points: number[] = [];
  for (const m of text.matchAll(/vertex\s+(\S+)\s+(\S+)\s+(\S+)/g))
    points.push(Number(m[1]), Number(m[2]), Number(m[3]));
  return Float64Array.from(points.slice(0, points.length - (points.length % 9)));
}

/**
 * Faces may have any number of corners (taken as fans), each "v", "v/vt", "v//vn" or "v/vt/vn"; negative indices count
 * from the end.
 */
function obj(text: string): Float64Array {
  const vertices: number[] = [],
    out: number[] = [];
  for (let i = 0, end; i < text.length; i = end + 1) {
    end = text.indexOf("\n", i);
    if (end < 0) end = text.length;
    const kind = text.charCodeAt(i);
    if ((kind !== 118 && kind !== 102) || !blank(text.charCodeAt(i + 1))) continue;
    const words: number[] = [];
    for (let k = i + 1, start = 0; k < end; k = start) {
      while (k < end && blank(text.charCodeAt(k))) k++;
      for (start = k; start < end && !blank(text.charCodeAt(start));) start++;
      if (start > k) words.push(kind === 118 ? Number(text.slice(k, start)) : parseInt(text.slice(k, start), 10));
    }
    if (kind === 118) {
      vertices.push(words[0], words[1], words[2]);
      continue;
    }
    const corners = words.map((v) => 3 * (v < 0 ? vertices.length / 3 + v : v - 1));
    for (let k = 2; k < corners.length; k++)
      for (const v of [corners[0], corners[k - 1], corners[k]]) out.push(vertices[v], vertices[v + 1], vertices[v + 2]);
  }
  return out.length > 0
    ? Float64Array.from(out)
    : Float64Array.from({ length: 3 * vertices.length }, (_, i) => vertices[3 * Math.floor(i / 9) + (i % 3)]);
}

function blank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}
