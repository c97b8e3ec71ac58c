import type { CdrReader, CdrWriter } from "@foxglove/cdr";
import type { Seconds } from "../../../core/Seconds.js";

/** builtin_interfaces/Time and Duration: exact, where seconds as one double have lost the nanoseconds of our epoch. */
export interface Stamp {
  readonly sec: number; // int32
  readonly nanosec: number; // uint32, below 10⁹
}

export function writeStamp(w: CdrWriter, s: Stamp): void {
  w.int32(s.sec);
  w.uint32(s.nanosec);
}

/** @throws RangeError if the bytes end too early */
export function readStamp(r: CdrReader): Stamp {
  return { sec: r.int32(), nanosec: r.uint32() };
}

export function toSeconds(s: Stamp): Seconds {
  return s.sec + s.nanosec * 1e-9;
}

/** Rounded to the nanosecond. */
export function fromSeconds(t: Seconds): Stamp {
  const sec = Math.floor(t),
    nanosec = Math.round((t - sec) * 1e9);
  return nanosec === 1e9 ? { sec: sec + 1, nanosec: 0 } : { sec, nanosec };
}

/** a + t, exact to the nanosecond. */
export function later(a: Stamp, t: Seconds): Stamp {
  const d = fromSeconds(t),
    nanosec = a.nanosec + d.nanosec;
  return nanosec >= 1e9 ? { sec: a.sec + d.sec + 1, nanosec: nanosec - 1e9 } : { sec: a.sec + d.sec, nanosec };
}

/** a − b. */
export function between(a: Stamp, b: Stamp): Seconds {
  return a.sec - b.sec + (a.nanosec - b.nanosec) * 1e-9;
}
