// One set-up at a time. The lock file names its holder, so that the lock of a process that died can be taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROS } from "./paths.mjs";

const LOCK = join(ROS, "lock");

/**
 * Identifies a process by its id and start time, because the system uses an id again. Null if the process is dead or a
 * zombie; in a container without a proper init, zombies may remain.
 */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : `${pid} ${fields[18]}`;
  } catch {
    return null;
  }
}

const read = (file) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
};

function tryAcquire(lock) {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, identity(process.pid) ?? `${process.pid} 0`);
  try {
    linkSync(mine, lock); // this creates the name with its content in one step, unlike a write
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes a dead holder's lock. Two processes may try at once; one that has moved a live lock puts it back. */
function breakStale(lock, holder) {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (read(aside) !== holder) linkSync(aside, lock);
  } catch {
    // another process was faster
  }
  rmSync(aside, { force: true });
}

/** Waits for the lock. `onWait` gets the holder's process id once. Returns the function that releases the lock. */
export async function acquire({ onWait = () => {}, lock = LOCK } = {}) {
  mkdirSync(ROS, { recursive: true });
  for (let waited = false; !tryAcquire(lock);) {
    const holder = read(lock);
    if (holder === null) continue;
    if (identity(holder.split(" ")[0]) !== holder) {
      breakStale(lock, holder);
      continue;
    }
    if (!waited) onWait(holder.split(" ")[0]);
    waited = true;
    await sleep(200);
  }
  return () => rmSync(lock, { force: true });
}
