import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";
import { writeHeader, type Header } from "./Header.js";
import { writePose } from "./Pose.js";
import { writer } from "./sequences.js";
import { fromSeconds, writeStamp } from "./Stamp.js";
import { writeText } from "./writeText.js";

/** The constants of visualization_msgs/Marker that we use. */
export const MARKER = { CUBE: 1, SPHERE: 2, CYLINDER: 3, LINE_STRIP: 4, SPHERE_LIST: 7, TEXT_VIEW_FACING: 9 } as const;

/** visualization_msgs/Marker, as far as we use it: always ADD. */
export interface Marker {
  readonly ns: string;
  readonly id: number;
  readonly type: number;
  readonly position: Vec3; // m
  readonly orientation: Quat; // x, y, z, w
  readonly scale: Vec3; // m
  readonly colour: readonly [number, number, number, number]; // r, g, b, alpha in 0 … 1
  readonly lifetime: number; // s; it vanishes unless drawn again
  readonly points: readonly Vec3[]; // m
  readonly text: string;
}

/** visualization_msgs/MarkerArray; every marker with the same header. */
export function encodeMarkerArray(header: Header, markers: readonly Marker[]): Uint8Array {
  const w = writer(8192);
  w.sequenceLength(markers.length);
  for (const m of markers) {
    writeHeader(w, header);
    writeText(w, m.ns);
    w.int32(m.id);
    w.int32(m.type);
    w.int32(0); // action: ADD
    writePose(w, m);
    for (const x of m.scale) w.float64(x);
    for (const x of m.colour) w.float32(x);
    writeStamp(w, fromSeconds(m.lifetime));
    w.uint8(0); // frame_locked
    w.sequenceLength(m.points.length);
    for (const p of m.points) for (const x of p) w.float64(x);
    w.sequenceLength(0); // colors
    w.string(""); // texture_resource
    writeHeader(w, { stamp: { sec: 0, nanosec: 0 }, frameId: "" }); // texture
    w.string(""); // texture.format
    w.sequenceLength(0); // texture.data
    w.sequenceLength(0); // uv_coordinates
    writeText(w, m.text);
    w.string(""); // mesh_resource
    w.string(""); // mesh_file.filename
    w.sequenceLength(0); // mesh_file.data
    w.uint8(0); // mesh_use_embedded_materials
  }
  return w.data;
}
