import type { Arm } from "./Arm.js";

/**
 * Largest distance of any point of the arm from the origin of its base, m, in any posture: capsules and the link
 * vectors before them end to end.
 */
export function reachOf({ nq, origins, kinds, limits, capsules }: Arm): number {
  const link = Array.from({ length: nq }, (_, j) => {
    const slide = kinds[j] === "prismatic" ? Math.max(Math.abs(limits.lo[j]), Math.abs(limits.hi[j])) : 0;
    return Math.hypot(origins[12 * j + 3], origins[12 * j + 7], origins[12 * j + 11]) + slide;
  });
  return Math.max(
    0,
    ...capsules.map(
      (c) =>
        c.radius +
        Math.max(Math.hypot(...c.p0), Math.hypot(...c.p1)) +
        link.slice(0, c.link).reduce((sum, x) => sum + x, 0),
    ),
  );
}
