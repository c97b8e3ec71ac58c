import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

/**
 * Whether a file lies below one of the folders, symbolic links followed. Does not check whether a file elsewhere
 * exists.
 */
export function isBelow(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => lies(resolve(file), resolve(folder)) && lies(real(file), real(folder)));
}

/** In words, where a file named by a client must lie. */
export const wantBelow = (folders: readonly string[]): string =>
  `a file below ${folders.length > 0 ? folders.join(" or ") : "one of the agent's task_folders (none)"}`;

const lies = (path: string, folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The path without symbolic links, or the path itself if it does not exist. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
