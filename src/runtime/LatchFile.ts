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
 * A latch that outlives its process. As long as the file exists, whatever its content, the guardrails are latched. Only
 * its absence releases them, so no damage, partial write or disk error can. Its content is for people. It is written
 * beside its place, synced to disk, and moved there; a partial file that a kill may leave counts as well.
 */
export class LatchFile {
  /** Why the latch in force is not on disk as well, in words; "" if it is. */
  trouble = "";
  private held: Latch | undefined;
  private turn: Promise<void> = Promise.resolve();

  /** Reads the file. @param path "" if no latch is kept */
  constructor(readonly path: string) {
    if (path === "") this.trouble = "no latch_folder is given";
    else this.attempt(() => makeFolder(dirname(path)));
    if (path !== "") this.held = readLatch(path) ?? readLatch(half(path));
  }

  get latch(): Latch | undefined {
    return this.held;
  }

  /** Latches at once. When the promise resolves, the latch is on disk, or `trouble` says why not. */
  set(latch: Latch): Promise<void> {
    this.held = latch;
    return this.queue(() => writeLatch(this.path, latch));
  }

  /** Releases at once. When the promise resolves, the file is removed, or `trouble` says why not. */
  clear(): Promise<void> {
    this.held = undefined;
    return this.queue(() => removeLatch(this.path));
  }

  /** Resolves when all that was requested is done. */
  settled(): Promise<void> {
    return this.turn;
  }

  /** Why the file could not be removed; "" if it could. */
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

  /** One after another: the last request decides. */
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

/** A disk error, with the path it concerns. */
function told(path: string, error: unknown): string {
  const { message } = error as Error;
  return message.includes(dirname(path)) ? message : `${message}, ${path}`;
}

const half = (path: string): string => `${path}.new`;
const sum = ({ by, since }: Latch): string => createHash("sha256").update(`${by}\n${since}`).digest("hex");

/** A dangling link counts as present. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** @returns undefined if and only if there is no such file */
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
    // reported below
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
 * Creates a folder and its parents, and syncs each entry to disk: a power cut must not lose the folder or its content.
 * (Node's own recursive mkdir never ends in /proc.)
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
