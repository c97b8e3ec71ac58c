import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100; // USER_HZ, the unit of /proc on every Linux

/** CPU time and memory that a process uses, from /proc. */
export class ProcessMeter {
  private began = performance.now();
  private cpu: number;

  constructor(private readonly pid: number) {
    this.cpu = this.seconds();
  }

  /** CPU seconds per second since the last call, or since construction. */
  cores(): number {
    const now = performance.now(),
      cpu = this.seconds();
    const cores = (cpu - this.cpu) / ((now - this.began) / 1000);
    this.began = now;
    this.cpu = cpu;
    return cores;
  }

  /** Resident memory now, MB. */
  memory(): number {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))?.[1];
    return (Number(kib) * 1024) / 1e6;
  }

  /** CPU time of all its threads so far, s. */
  private seconds(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the process name before it may contain spaces
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }
}
