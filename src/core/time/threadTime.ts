import { readFileSync, readlinkSync } from "node:fs";
import type { Seconds } from "../Seconds.js";

const TICKS_PER_SECOND = 100; // USER_HZ, the unit of /proc on every Linux

/** The number by which Linux knows this thread; 0 where it is not Linux. */
export function ownThread(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/** The time that a thread of this process has been let run so far; NaN where that cannot be known. */
export function threadTime(thread: number): Seconds {
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold blanks
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}
