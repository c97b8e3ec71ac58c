import { readlinkSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Asks the scheduler to prefer this thread (niceness < 0) or to prefer others (> 0). Linux has a niceness for each
 * thread, and threads started later inherit it. Negative values need a privilege; without it nothing changes.
 */
export function preferThread(niceness: number): void {
  try {
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), niceness);
  } catch {
    // not Linux, or not allowed: the guardrails do not depend on it
  }
}

/**
 * The same among sessions, because Linux first shares the cores between sessions (autogroups): without it, a program in
 * another terminal gets as much as all of our threads together.
 */
export function preferSession(niceness: number): void {
  try {
    writeFileSync("/proc/self/autogroup", String(niceness));
  } catch {
    // no autogroups, or not allowed
  }
}
