// Stamps: a step leaves `.telos-stamp` inside what it made, holding the key it was made for. Whoever deletes or
// replaces the product deletes the stamp with it, and a step that was cut short has none.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = ".telos-stamp";

/** One hash over a list of JSON-able parts. */
export function keyOf(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
}

export function filesUnder(dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((e) => (e.isDirectory() ? filesUnder(join(dir, e.name)) : [join(dir, e.name)])).sort();
}

export function contentOf(files) {
  return files.map((file) => [file, readFileSync(file, "utf8")]);
}

/** Path, size and time of change: a thousand files cost a few milliseconds, where reading them would cost a hundred. */
export function identityOf(files) {
  return files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [file, size, mtimeMs];
  });
}

export function readStamp(dir) {
  try {
    return JSON.parse(readFileSync(join(dir, NAME), "utf8"));
  } catch {
    return null;
  }
}

export function writeStamp(dir, stamp) {
  mkdirSync(dir, { recursive: true });
  const temporary = join(dir, `${NAME}.${process.pid}`);
  writeFileSync(temporary, JSON.stringify(stamp));
  renameSync(temporary, join(dir, NAME));
}

export function clearStamp(dir) {
  rmSync(join(dir, NAME), { force: true });
}
