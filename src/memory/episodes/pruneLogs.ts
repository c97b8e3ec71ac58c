import { existsSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";

/** Limits of the kept logs. */
export interface LogLimits {
  readonly keep: number; // runs
  readonly size: number; // bytes, of all runs together; also the limit of one run
}

const NAME = /(?:^|\/)\d{8}T\d{6}\.\d{3}Z-(\d+)\.mcap$/;

/** The name of a new run's log: its time, so that names sort by age, and its process id, so that names are unique. */
export function logName(at: Date, pid: number): string {
  return `${at.toISOString().replace(/[-:]/g, "")}-${pid}.mcap`;
}

/** The runs in a folder, newest first, without those that another process still writes. */
export function pastLogs(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => NAME.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => join(folder, name))
    .filter((path) => !written(path, Number(NAME.exec(path)![1])));
}

/** Deletes the oldest runs beyond the limits. @returns the number of deleted runs */
export function pruneLogs(folder: string, { keep, size }: LogLimits): number {
  let total = 0;
  let gone = 0;
  pastLogs(folder).forEach((path, i) => {
    total += statSync(path).size;
    if (i + 1 < keep && total <= size) return; // one place is for the run that begins
    unlinkSync(path);
    gone++;
  });
  return gone;
}

/**
 * Whether the process that made a log still has it open. Process ids are reused, so a living process alone is no proof,
 * unless its open files cannot be read.
 */
function written(path: string, pid: number): boolean {
  const open = `/proc/${pid}/fd`;
  try {
    const { dev, ino } = statSync(path);
    return readdirSync(open).some((fd) => {
      const held = statSync(join(open, fd), { throwIfNoEntry: false });
      return held?.dev === dev && held.ino === ino;
    });
  } catch {
    return alive(pid);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
