import { InvalidArgumentError } from "commander";

/** An option that is a whole number of at least 0. */
export function wholeNumber(text: string): number {
  const n = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(n) || n < 0)
    throw new InvalidArgumentError("want a whole number of at least 0");
  return n;
}
