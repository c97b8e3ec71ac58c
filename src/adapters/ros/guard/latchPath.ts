import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Default folder of latches: the environment's TELOS_STATE, else in the user's state folder. */
export const latchFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  env.TELOS_STATE ?? join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "telos");

/**
 * The file of one node's latch, named by its domain and its full name, so that two arms never share one. ROS names have
 * no dots, so no two names give the same file. "" if no latch is kept.
 */
export function latchPath(folder: string, fullName: string, domain = process.env.ROS_DOMAIN_ID || "0"): string {
  return folder === "" ? "" : join(resolve(folder), `domain${domain}${fullName.replaceAll("/", ".")}.latch`);
}
