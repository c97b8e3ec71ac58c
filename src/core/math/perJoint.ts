/** A bound of every joint, or of each [nq], as one of each: a copy. */
export function perJoint(bound: number | ArrayLike<number>, nq: number): Float64Array {
  return typeof bound === "number" ? new Float64Array(nq).fill(bound) : Float64Array.from(bound);
}
