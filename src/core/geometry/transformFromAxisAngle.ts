/** The turn by an angle (rad) about a unit axis as rows of 3×4: Rodrigues' formula. */
export function transformFromAxisAngle(x: number, y: number, z: number, angle: number): Float64Array {
  const c = Math.cos(angle),
    s = Math.sin(angle),
    t = 1 - c;
  return Float64Array.of(
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    0,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    0,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
    0,
  );
}
