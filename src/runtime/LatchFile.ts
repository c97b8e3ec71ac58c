import { createHash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Latch } from "../agent/Latch.js";

/**
 * A latch that outlives its process: as long as the file is there, whatever is in it, the guardrails are latched. Only
 * its absence frees, so no damage to it, no half of a write and no error of the disk can; what it says is for people.
 * It is written beside its place, brought to disk, and moved there; the half that a kill may leave counts as well.
 */
export class LatchFile {
  /** Why the latch in force is not on disk as well, in words; "" if it is. */
  trouble = "";
  private held: Latch | undefined;
  private turn: Promise<void> = Promise.resolve();

  /** Reads what is there. @param path "" where nothing is kept */
  constructor(readonly path: string) {
    if (path === "") this.trouble = "no latch_folder is given";
    else this.attempt(() => makeFolder(dirname(path)));
    if (path !== "") this.held = readLatch(path) ?? readLatch(half(path));
  }

  get latch(): Latch | undefined {
    return this.held;
  }

  /** Latches at once, and on disk when the promise resolves, or `trouble` tells why not. */
  set(latch: Latch): Promise<void> {
    this.held = latch;
    return this.queue(() => writeLatch(this.path, latch));
  }

  /** Frees at once, and on disk when the promise resolves, or `trouble` tells why not. */
  clear(): Promise<void> {
    this.held = undefined;
    return this.queue(() => removeLatch(this.path));
  }

  /** Resolves when all that was asked is done. */
  settled(): Promise<void> {
    return this.turn;
  }

  /** Why it could not be taken off the disk; "" if it could. */
  fastened(): string {
    if (this.path === "") return "";
    try {
      const there = [this.path, half(this.path)].filter(isThere),
        folder = there.find((p) => lstatSync(p).isDirectory());
      if (there.length === 0) return "";
      if (folder !== undefined) return `${folder} is a folder: remove it`;
      accessSync(dirname(this.path), constants.W_OK | constants.X_OK);
      return "";
    } catch (error) {
      return told(this.path, error);
    }
  }

  /** One after another: the last word is what stays. */
  private queue(act: () => Promise<void>): Promise<void> {
    if (this.path === "") return this.turn;
    this.turn = this.turn.then(act).then(
      () => void (this.trouble = ""),
      (error) => void (this.trouble = told(this.path, error)),
    );
    return this.turn;
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.trouble = told(this.path, error);
    }
  }
}

/** An error of the disk, with the path that it is about. */
function told(path: string, error: unknown): string {
  const { message } = error as Error;
  return message.includes(dirname(path)) ? message : `${message}, ${path}`;
}

const half = (path: string): string => `${path}.new`;
const sum = ({ by, since }: Latch): string => createHash("sha256").update(`${by}\n${since}`).digest("hex");

/** A link that leads nowhere is there too. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** @returns undefined where there is no such file, and only there */
function readLatch(path: string): Latch | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" && !isThere(path)
      ? undefined
      : { by: `latch_file: ${told(path, error)}`, since: "" };
  }
  try {
    const { by, since, sha256 } = JSON.parse(text) as Latch & { sha256: string };
    if (sha256 === sum({ by, since })) return { by, since };
  } catch {
    // told below
  }
  return { by: `latch_file: ${path} is there but cannot be read`, since: "" };
}

async function writeLatch(path: string, latch: Latch): Promise<void> {
  makeFolder(dirname(path));
  const file = await open(half(path), "w", 0o644);
  try {
    await file.writeFile(`${JSON.stringify({ ...latch, sha256: sum(latch) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half(path), path);
  await syncFolder(dirname(path));
}

async function removeLatch(path: string): Promise<void> {
  for (const p of [half(path), path]) await rm(p, { force: true });
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * With all that lead to it, each entry on disk: a power cut must not take the folder and what is in it. (Node's own
 * recursive mkdir never ends in /proc.)
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  makeFolder(parent);
  mkdirSync(folder);
  const descriptor = openSync(parent, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
