import { writeHeader, type Header } from "./Header.js";
import { writer } from "./sequences.js";
import { writeText } from "./writeText.js";

export const OK = 0,
  WARN = 1,
  ERROR = 2,
  STALE = 3; // diagnostic_msgs/DiagnosticStatus

/** diagnostic_msgs/DiagnosticStatus. */
export interface DiagnosticStatus {
  readonly level: number; // OK, WARN, ERROR or STALE
  readonly name: string;
  readonly message: string;
  readonly hardwareId: string;
  readonly values: Readonly<Record<string, string>>;
}

/** diagnostic_msgs/DiagnosticArray. */
export function encodeDiagnosticArray(header: Header, status: readonly DiagnosticStatus[]): Uint8Array {
  const w = writer(4096);
  writeHeader(w, header);
  w.sequenceLength(status.length);
  for (const s of status) {
    const values = Object.entries(s.values);
    w.uint8(s.level);
    for (const text of [s.name, s.message, s.hardwareId]) writeText(w, text);
    w.sequenceLength(values.length);
    for (const pair of values) for (const text of pair) writeText(w, text);
  }
  return w.data;
}
