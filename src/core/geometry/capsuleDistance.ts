import { segmentDistance } from "./segmentDistance.js";

const distance = new Float64Array(1);

/**
 * Signed distance (m) of two capsules: the least distance of their segments less both radii; negative is how deep they
 * overlap. a and b hold the segments' end points, 6 numbers from the offset; a segment may have length 0.
 */
export function capsuleDistance(
  a: Float64Array,
  ia: number,
  ra: number,
  b: Float64Array,
  ib: number,
  rb: number,
): number {
  segmentDistance(distance, a, ia, b, ib);
  return distance[0] - ra - rb;
}
