import { InvalidArgumentError } from "commander";

/** An option with joint angles, rad, separated by commas or spaces. */
export function angles(text: string): number[] {
  const q = text
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map(Number);
  if (q.length === 0 || !q.every(Number.isFinite))
    throw new InvalidArgumentError("want angles in rad (for sliding joints lengths in m), for example 0, 0.2, 1.6");
  return q;
}
