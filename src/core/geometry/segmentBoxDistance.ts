import { measureSegmentBox } from "./measureSegmentBox.js";

const distance = new Float64Array(4);

/**
 * Exact signed distance (m) of a segment to an oriented box, negative in touch and overlap. seg: end points, 6 numbers
 * from the offset; box[15] from its offset: the box's pose as rows of 3×4, then half edge lengths.
 */
export function segmentBoxDistance(seg: Float64Array, is: number, box: Float64Array, ib: number): number {
  measureSegmentBox(distance, seg, is, box, ib);
  return distance[0];
}
