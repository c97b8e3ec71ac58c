import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromAxisAngle } from "../../core/geometry/transformFromAxisAngle.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";

const FACES = /<(triangles|polylist|polygons)\b[^>]*>([\s\S]*?)<\/\1>/g;

/**
 * Triangles [n,3,3] of a COLLADA file, m: each geometry where the scene's nodes place it (unmoved if no node does),
 * scaled by the file's unit and turned from its up axis to z. Polygons become fans.
 */
export function colladaTriangles(text: string): Float64Array {
  const unit = Number(/<unit[^>]*meter="([^"]+)"/.exec(text)?.[1] ?? 1);
  const up = /<up_axis>\s*(\w+)/.exec(text)?.[1] ?? "Y_UP";
  const meshes = new Map(
    [...text.matchAll(/<geometry\b[^>]*?\bid="([^"]+)"[^>]*>([\s\S]*?)<\/geometry>/g)].map((m) => [
      m[1],
      geometry(m[2]),
    ]),
  );
  const out: number[] = [],
    p = new Float64Array(3);
  const place = (mesh: readonly number[] | undefined, pose: Float64Array | undefined): void => {
    for (let i = 0; mesh !== undefined && i + 2 < mesh.length; i += 3) {
      ((p[0] = mesh[i]), (p[1] = mesh[i + 1]), (p[2] = mesh[i + 2]));
      if (pose !== undefined) transformPoint(p, 0, pose, 0, p, 0);
      const [x, y, z] = [unit * p[0], unit * p[1], unit * p[2]];
      if (up === "Y_UP") out.push(x, -z, y);
      else out.push(x, y, z);
    }
  };
  const instances = placedGeometries(
    /<library_visual_scenes>([\s\S]*?)<\/library_visual_scenes>/.exec(text)?.[1] ?? "",
  ).filter(({ id }) => meshes.has(id));
  if (instances.length === 0) for (const mesh of meshes.values()) place(mesh, undefined);
  for (const { id, pose } of instances) place(meshes.get(id), pose);
  return Float64Array.from(out);
}

/** Corners of the triangles of one geometry, in its own units. */
function geometry(text: string): number[] {
  const arrays = new Map(
    [...text.matchAll(/<source\b[^>]*?\bid="([^"]+)"[^>]*>\s*<float_array[^>]*>([^<]*)</g)].map((m) => [m[1], m[2]]),
  );
  const vertices = /<vertices\b[^>]*?\bid="([^"]+)"/.exec(text)?.[1];
  const source = /semantic="POSITION"[^>]*source="#([^"]+)"|source="#([^"]+)"[^>]*semantic="POSITION"/.exec(text);
  const at = numbers(arrays.get(source?.[1] ?? source?.[2] ?? "") ?? "");
  const out: number[] = [];
  for (const [, kind, body] of text.matchAll(FACES)) {
    const inputs = [...body.matchAll(/<input\b[^>]*>/g)].map(([tag]) => ({
      offset: Number(/offset="(\d+)"/.exec(tag)?.[1] ?? 0),
      vertex: /semantic="VERTEX"/.test(tag) || tag.includes(`"#${vertices}"`),
    }));
    const stride = Math.max(0, ...inputs.map((i) => i.offset)) + 1,
      first = inputs.find((i) => i.vertex)?.offset ?? 0;
    const counts = /<vcount>([^<]*)</.exec(body)?.[1];
    for (const [, list] of body.matchAll(/<p>([^<]*)</g)) {
      const p = numbers(list),
        corners = p.length / stride;
      let sizes = kind === "polygons" ? [corners] : Array.from({ length: Math.floor(corners / 3) }, () => 3);
      if (counts !== undefined) sizes = numbers(counts);
      let o = 0;
      for (const n of sizes) {
        for (let k = 2; k < n; k++)
          for (const c of [0, k - 1, k]) for (let e = 0; e < 3; e++) out.push(at[3 * p[(o + c) * stride + first] + e]);
        o += n;
      }
    }
  }
  if (out.length > 0) return out;
  return at.flatMap((_, i) => (i % 3 === 0 ? [0, 1, 2].flatMap(() => at.slice(i, i + 3)) : [])); // no faces: its points
}

/** Which geometry the nodes of a scene show, and its pose [12] (scale included) in the scene. */
function placedGeometries(scene: string): { id: string; pose: Float64Array }[] {
  const stack: Float64Array[] = [Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)],
    out: { id: string; pose: Float64Array }[] = [];
  for (const [, tag, attributes, body] of scene.matchAll(
    /<(\/?(?:node|matrix|translate|rotate|scale|instance_geometry))\b([^>]*)>([^<]*)/g,
  )) {
    const by = (step: Float64Array): void =>
      void (stack[stack.length - 1] = mulTransform(new Float64Array(12), 0, stack[stack.length - 1], 0, step, 0));
    const x = numbers(body);
    if (tag === "node" && !attributes.endsWith("/")) stack.push(stack[stack.length - 1]);
    else if (tag === "/node") stack.pop();
    else if (tag === "matrix") by(Float64Array.from(x.slice(0, 12)));
    else if (tag === "translate") by(Float64Array.of(1, 0, 0, x[0], 0, 1, 0, x[1], 0, 0, 1, x[2]));
    else if (tag === "scale") by(Float64Array.of(x[0], 0, 0, 0, 0, x[1], 0, 0, 0, 0, x[2], 0));
    else if (tag === "rotate") by(rotation(x));
    else if (tag === "instance_geometry")
      out.push({ id: /url="#([^"]+)"/.exec(attributes)?.[1] ?? "", pose: stack[stack.length - 1] });
  }
  return out;
}

/** A turn by degrees about an axis: [x, y, z, deg]. */
function rotation([ax, ay, az, degrees]: readonly number[]): Float64Array {
  const n = Math.hypot(ax, ay, az) || 1;
  return transformFromAxisAngle(ax / n, ay / n, az / n, (degrees * Math.PI) / 180);
}

function numbers(text: string): number[] {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/).map(Number);
}
