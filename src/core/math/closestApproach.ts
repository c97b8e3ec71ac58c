/** Least distance of the segment from (x, y) by (dx, dy) to 0. */
export function closestApproach(x: number, y: number, dx: number, dy: number): number {
  const s = Math.max(0, Math.min(1, -(x * dx + y * dy) / Math.max(1e-12, dx * dx + dy * dy)));
  return Math.hypot(x + s * dx, y + s * dy);
}
