import { InvalidArgumentError } from "commander";

/** An option that is joint angles, rad, with commas or spaces between. */
export function angles(text: string): number[] {
  const q = text
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map(Number);
  if (q.length === 0 || !q.every(Number.isFinite))
    throw new InvalidArgumentError("want angles in rad (of sliding joints lengths in m), as 0, 0.2, 1.6");
  return q;
}
