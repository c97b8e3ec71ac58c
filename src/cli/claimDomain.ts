import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const MOST = 232; // DDS listens on port 7400 + 250 · domain, and ports end at 65535

/**
 * Claims a ROS domain on this machine for one `telos run`, because DDS may take seconds to discover another run. The
 * claim ends when the returned function is called or the process ends.
 *
 * @throws Error for a number that is not a domain, or if another process has it
 */
export function claimDomain(domain: string): () => void {
  if (!/^\d+$/.test(domain) || Number(domain) > MOST)
    throw new Error(`ROS domain: got ${domain}, want a whole number from 0 to ${MOST} (--domain, or ROS_DOMAIN_ID)`);
  const file = join(tmpdir(), `telos-run-${userInfo().uid}-domain-${domain}`);
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = read(file);
    if (isRun(holder))
      throw new Error(
        `ROS domain ${domain} is in use: another telos run (process ${holder}) uses it, and two arms on the same ` +
          "topics would conflict. End the other run, or use another domain: telos run --domain " +
          `${(Number(domain) + 1) % 100}`,
      );
    rmSync(file, { force: true }); // left by a run that was killed
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

/** Whether a process with this id lives and is a run: ids are reused. */
function isRun(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false;
  const said = read(`/proc/${pid}/cmdline`).split("\0");
  return said.some((a) => /\b(main|telos)\.m?js$/.test(a)) && said.includes("run");
}
