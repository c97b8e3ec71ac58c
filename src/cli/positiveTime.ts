import { InvalidArgumentError } from "commander";

/** An option that is a time above 0, s. */
export function positiveTime(text: string): number {
  const x = Number(text);
  if (!(x > 0)) throw new InvalidArgumentError("want a number of seconds above 0");
  return x;
}
