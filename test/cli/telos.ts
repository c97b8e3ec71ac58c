import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the telos command. `meanwhile` sees the child and what it has said so far on either stream. */
export function telos(
  args: readonly string[],
  o: { env?: NodeJS.ProcessEnv; meanwhile?: (child: ChildProcess, said: string) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...o.env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (data: Buffer) => {
      said[name] += String(data);
      o.meanwhile?.(child, said.stdout + said.stderr);
    });
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}
