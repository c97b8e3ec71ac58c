import { UrdfError } from "./UrdfError.js";

/**
 * Vertices [n,3] of a mesh file in its own units, repeats dropped: STL binary or ASCII, OBJ, and COLLADA (every position array, scaled by
 * its `unit` and turned from Y_UP, node transforms ignored, as robot meshes have none). Undefined for a format it does not know; throws
 * UrdfError on a damaged file.
 */
export function meshPoints(bytes: Uint8Array, uri: string): Float64Array | undefined {
  const extension = uri.toLowerCase().split(".").pop();
  const text = (): string => new TextDecoder().decode(bytes);
  const points = extension === "stl" ? stlTriangles(bytes)
    : extension === "obj" ? numbersAfter(text(), /^v\s+(\S+)\s+(\S+)\s+(\S+)/gm)
    : extension === "dae" ? collada(text())
    : undefined;
  if (points === undefined) return undefined;
  if (points.length === 0 || !points.every(Number.isFinite)) throw new UrdfError(`mesh ${JSON.stringify(uri)}`, points.length === 0 ? "no vertices" : "a coordinate that is not finite", "a mesh");
  const unique = new Map<string, number>();
  for (let i = 0; i < points.length; i += 3) unique.set(`${points[i]} ${points[i + 1]} ${points[i + 2]}`, i);
  return Float64Array.from([...unique.values()].flatMap((i) => [points[i], points[i + 1], points[i + 2]]));
}

/** Corners of an STL's triangles [n,3,3], binary or ASCII. */
export function stlTriangles(bytes: Uint8Array): number[] {
  return stlBinary(bytes) ?? numbersAfter(new TextDecoder().decode(bytes), /vertex\s+(\S+)\s+(\S+)\s+(\S+)/g);
}

/** 80 bytes of header, uint32 count, 50 bytes a triangle: the size tells binary from text, for binary ones may begin with "solid" too. */
function stlBinary(bytes: Uint8Array): number[] | undefined {
  if (bytes.length < 84) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = view.getUint32(80, true);
  if (bytes.length < 84 + 50 * n || (n === 0 && bytes.length > 84)) return undefined;
  const points: number[] = [];
  for (let i = 0; i < n; i++) for (let k = 0; k < 9; k++) points.push(view.getFloat32(84 + 50 * i + 12 + 4 * k, true));
  return points;
}

function numbersAfter(text: string, pattern: RegExp): number[] {
  const points: number[] = [];
  for (const m of text.matchAll(pattern)) points.push(Number(m[1]), Number(m[2]), Number(m[3]));
  return points;
}

function collada(text: string): number[] {
  const unit = Number(/<unit[^>]*meter="([^"]+)"/.exec(text)?.[1] ?? 1);
  const up = /<up_axis>\s*(\w+)/.exec(text)?.[1] ?? "Y_UP";
  const points: number[] = [];
  for (const [, source] of text.matchAll(/semantic="POSITION"[^>]*source="#([^"]+)"/g)) {
    const start = text.indexOf(`id="${source}"`);
    const array = /<float_array[^>]*>([^<]*)</.exec(text.slice(start))?.[1];
    const numbers = array?.trim().split(/\s+/).map(Number) ?? [];
    for (let i = 0; i + 2 < numbers.length; i += 3) {
      const [x, y, z] = [numbers[i] * unit, numbers[i + 1] * unit, numbers[i + 2] * unit];
      points.push(...(up === "Y_UP" ? [x, -z, y] : [x, y, z]));
    }
  }
  return points;
}
