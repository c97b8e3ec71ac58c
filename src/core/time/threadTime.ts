import { readFileSync, readlinkSync } from "node:fs";
import type { Seconds } from "../Seconds.js";

const TICKS_PER_SECOND = 100; // USER_HZ, the unit of /proc on every Linux

/** The Linux thread id of this thread; 0 on other systems. */
export function ownThread(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

/** The processor time of a thread of this process so far; NaN if unknown. */
export function threadTime(thread: number): Seconds {
  try {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before may hold blanks
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}
