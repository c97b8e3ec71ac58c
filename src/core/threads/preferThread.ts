import { readlinkSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Asks the scheduler to prefer this thread (niceness < 0) or to let others go first (> 0). Linux keeps a niceness for
 * each thread, and threads started later inherit it. To be preferred takes a privilege; without it nothing changes.
 */
export function preferThread(niceness: number): void {
  try {
    setPriority(Number(readlinkSync("/proc/thread-self").split("/").at(-1)), niceness);
  } catch {
    // not Linux, or not allowed: the guardrails do not rest on it
  }
}

/**
 * The same among sessions, where Linux shares the cores between them first (autogroups): a program in another terminal
 * else gets as much as all of ours together.
 */
export function preferSession(niceness: number): void {
  try {
    writeFileSync("/proc/self/autogroup", String(niceness));
  } catch {
    // no autogroups, or not allowed
  }
}
