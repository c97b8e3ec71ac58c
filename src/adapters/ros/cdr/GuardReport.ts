import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { readMargins, writeMargins, type MarginMessage } from "./Margin.js";
import { reader, readLength, readString, readStrings, writer } from "./sequences.js";
import { writeText } from "./writeText.js";

/** telos_interfaces/GuardReport. */
export interface GuardReportMessage {
  readonly header: Header;
  readonly mode: string;
  readonly next: string;
  readonly stoppedBy: string;
  readonly margin: number;
  readonly idle: boolean;
  readonly fresh: boolean;
  readonly margins: readonly MarginMessage[];
  readonly checks: number;
  readonly limited: number;
  readonly stopped: number;
  readonly trips: Readonly<Record<string, number>>;
  readonly missed: number;
  readonly ticks: number;
  readonly rejected: number;
  readonly lastRejection: string;
}

export function encodeGuardReport(m: GuardReportMessage): Uint8Array {
  const w = writer(1024);
  const names = Object.keys(m.trips);
  writeHeader(w, m.header);
  for (const text of [m.mode, m.next, m.stoppedBy]) writeText(w, text);
  w.float64(m.margin);
  w.uint8(m.idle ? 1 : 0);
  w.uint8(m.fresh ? 1 : 0);
  writeMargins(w, m.margins);
  for (const n of [m.checks, m.limited, m.stopped]) w.uint64(BigInt(n));
  w.sequenceLength(names.length);
  for (const name of names) writeText(w, name);
  w.uint64Array(
    names.map((name) => BigInt(m.trips[name])),
    true,
  );
  for (const n of [m.missed, m.ticks, m.rejected]) w.uint64(BigInt(n));
  writeText(w, m.lastRejection);
  return w.data;
}

/** @throws RangeError if the bytes are no GuardReport */
export function decodeGuardReport(bytes: Uint8Array): GuardReportMessage {
  const r = reader(bytes);
  const header = readHeader(r),
    mode = readString(r),
    next = readString(r),
    stoppedBy = readString(r, bounds.phrase),
    margin = r.float64(),
    idle = r.uint8() !== 0,
    fresh = r.uint8() !== 0;
  const margins = readMargins(r),
    checks = Number(r.uint64()),
    limited = Number(r.uint64()),
    stopped = Number(r.uint64()),
    names = readStrings(r, bounds.margins);
  const counts = Array.from({ length: readLength(r, 8, bounds.margins) }, () => Number(r.uint64()));
  const trips = Object.fromEntries(names.map((name, i) => [name, counts[i] ?? 0]));
  return {
    header,
    mode,
    next,
    stoppedBy,
    margin,
    idle,
    fresh,
    margins,
    checks,
    limited,
    stopped,
    trips,
    missed: Number(r.uint64()),
    ticks: Number(r.uint64()),
    rejected: Number(r.uint64()),
    lastRejection: readString(r, bounds.phrase),
  };
}
