import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const MOST = 232; // DDS listens on port 7400 + 250 · domain, and ports end at 65535

/**
 * Claims a ROS domain on this machine for one `telos run`, until the function returned is called or the process ends:
 * DDS may take seconds to discover another run.
 *
 * @throws Error for a number that is no domain, or naming the process that has it
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
        `ROS domain ${domain} is taken: another telos run (process ${holder}) is in it, and two arms on the same ` +
          "topics would fight. End the other one, or take another domain: telos run --domain " +
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

/** Whether a process of this number lives and is a run: numbers are used again. */
function isRun(pid: string): boolean {
  if (!/^\d+$/.test(pid)) return false;
  const said = read(`/proc/${pid}/cmdline`).split("\0");
  return said.some((a) => /\b(main|telos)\.m?js$/.test(a)) && said.includes("run");
}
