import { readdirSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { ownThread } from "../time/threadTime.js";

/** Niceness of what an arm depends on: the thread that publishes commands, the reflex, DDS. */
export const LIVE = -10;

const thread = ownThread();

/**
 * Asks the scheduler to prefer this thread (niceness < 0) or to prefer others (> 0). Linux has a niceness for each
 * thread, and threads started later inherit it. Negative values need a privilege; without it nothing changes.
 */
export function preferThread(niceness: number): void {
  if (thread !== 0) prefer(thread, niceness);
}

/**
 * The same for every thread that this process has by now. V8's pool has been there since the process began. A thread
 * that collects its garbage waits for what the pool does of it, 160 ms on a busy machine if the pool is not preferred.
 */
export function preferProcess(niceness: number): void {
  if (thread !== 0) for (const each of readdirSync("/proc/self/task")) prefer(Number(each), niceness);
}

function prefer(of: number, niceness: number): void {
  try {
    setPriority(of, niceness);
  } catch {
    // not allowed, or it has ended: the guardrails do not depend on it
  }
}

/**
 * Sends a message from a thread of this niceness as if it were a live one. A port's queue is locked while a message is
 * put in, and that wakes the receiver. A sender of low priority would be suspended there, and a receiver of high
 * priority would wait for it, on two cores for 5 to 80 ms (priority inversion).
 */
export function sendAs(niceness: number, send: () => void): void {
  preferThread(LIVE);
  try {
    send();
  } finally {
    preferThread(niceness);
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
