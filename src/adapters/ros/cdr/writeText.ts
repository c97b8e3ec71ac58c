import type { CdrWriter } from "@foxglove/cdr";

/**
 * A string in UTF-8, with its length in bytes. CdrWriter's own `string` counts UTF-16 units and so cuts off what is not
 * ASCII: fine for names of joints, not for texts for people.
 */
export function writeText(w: CdrWriter, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  w.uint32(bytes.length + 1);
  w.uint8Array(bytes);
  w.uint8(0);
}
