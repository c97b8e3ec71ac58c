import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import { bounds } from "./bounds.js";
import { readLength, readString } from "./sequences.js";
import { writeText } from "./writeText.js";

/** telos_interfaces/Margin. */
export interface MarginMessage {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export function writeMargins(w: CdrWriter, margins: readonly MarginMessage[]): void {
  w.sequenceLength(margins.length);
  for (const { name, value, unit } of margins) {
    writeText(w, name);
    w.float64(value);
    writeText(w, unit);
  }
}

/** @throws RangeError if the bytes end too early */
export function readMargins(r: CdrReader): MarginMessage[] {
  return Array.from({ length: readLength(r, 16, bounds.margins) }, () => ({
    name: readString(r),
    value: r.float64(),
    unit: readString(r),
  }));
}
